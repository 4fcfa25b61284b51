//! Complex numbers, a register of each part: sums and products in one order on every machine, products fused with the sums they go into.

use pulp::Simd;

/// Real and imaginary parts.
pub(super) type Complex<S> = [<S as Simd>::f32s; 2];

#[inline(always)]
pub(super) fn zero<S: Simd>(simd: S) -> Complex<S> {
    [simd.splat_f32s(0.0); 2]
}

#[inline(always)]
pub(super) fn add<S: Simd>(simd: S, [ar, ai]: Complex<S>, [br, bi]: Complex<S>) -> Complex<S> {
    [simd.add_f32s(ar, br), simd.add_f32s(ai, bi)]
}

#[inline(always)]
pub(super) fn sub<S: Simd>(simd: S, [ar, ai]: Complex<S>, [br, bi]: Complex<S>) -> Complex<S> {
    [simd.sub_f32s(ar, br), simd.sub_f32s(ai, bi)]
}

#[inline(always)]
pub(super) fn conjugate<S: Simd>(simd: S, [r, i]: Complex<S>) -> Complex<S> {
    [r, simd.neg_f32s(i)]
}

#[inline(always)]
pub(super) fn times_i<S: Simd>(simd: S, [r, i]: Complex<S>) -> Complex<S> {
    [simd.neg_f32s(i), r]
}

#[inline(always)]
pub(super) fn scaled<S: Simd>(simd: S, [r, i]: Complex<S>, by: f32) -> Complex<S> {
    let by = simd.splat_f32s(by);
    [simd.mul_f32s(r, by), simd.mul_f32s(i, by)]
}

/// The product with one number for all lanes.
#[inline(always)]
pub(super) fn times<S: Simd>(simd: S, [r, i]: Complex<S>, [cos, sin]: [f32; 2]) -> Complex<S> {
    let (cos, sin) = (simd.splat_f32s(cos), simd.splat_f32s(sin));
    [simd.negate_mul_add_f32s(i, sin, simd.mul_f32s(r, cos)), simd.mul_add_f32s(i, cos, simd.mul_f32s(r, sin))]
}

/// The inverse transform of two, three or four numbers.
#[inline(always)]
pub(super) fn butterfly<S: Simd, const RADIX: usize>(simd: S, x: [Complex<S>; RADIX]) -> [Complex<S>; RADIX] {
    const HALF_ROOT_3: f32 = 0.866_025_4;
    let mut out = x;
    match RADIX {
        2 => {
            out[0] = add(simd, x[0], x[1]);
            out[1] = sub(simd, x[0], x[1]);
        }
        3 => {
            let sum = add(simd, x[1], x[2]);
            let middle = sub(simd, x[0], scaled(simd, sum, 0.5));
            let side = scaled(simd, times_i(simd, sub(simd, x[1], x[2])), HALF_ROOT_3);
            out[0] = add(simd, x[0], sum);
            out[1] = add(simd, middle, side);
            out[2] = sub(simd, middle, side);
        }
        _ => {
            let (even, odd) = (add(simd, x[0], x[2]), add(simd, x[1], x[3]));
            let (straight, side) = (sub(simd, x[0], x[2]), times_i(simd, sub(simd, x[1], x[3])));
            out[0] = add(simd, even, odd);
            out[1] = add(simd, straight, side);
            out[2] = sub(simd, even, odd);
            out[3] = sub(simd, straight, side);
        }
    }
    out
}
