//! What a convolution and a pooling do, apart from the sizes of what they meet.

/// What lies beyond the edge of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// Keras' `same`: ⌈size / stride⌉ places; of an odd number of rows or columns added, the odd one comes at the end.
    Same,
    /// Only windows that lie inside the image.
    Valid,
}

/// How windows lie along one axis of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Places of the window.
    pub output: usize,
    /// Rows or columns added before the first.
    pub before: usize,
    /// Rows or columns added behind the last.
    pub after: usize,
}

impl Padding {
    /// How windows of `window` elements, `stride` apart, lie along `size` elements. `None` when not one fits.
    pub fn span(self, size: usize, window: usize, stride: usize) -> Option<Span> {
        if size == 0 || window == 0 || stride == 0 {
            return None;
        }
        match self {
            Self::Same => {
                let output = size.div_ceil(stride);
                let total = ((output - 1) * stride + window).saturating_sub(size);
                Some(Span { output, before: total / 2, after: total - total / 2 })
            }
            Self::Valid => (window <= size).then(|| Span { output: (size - window) / stride + 1, before: 0, after: 0 }),
        }
    }
}

/// A function of one element whose derivative follows from its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// The identity.
    Linear,
    /// max(x, 0).
    Relu,
    /// x where it is positive, else eˣ - 1.
    Elu,
}

/// How a convolution walks over an image, and what its results go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvSpec {
    /// Rows and columns from one window to the next.
    pub stride: [usize; 2],
    /// What lies beyond the edges: zeros, or nothing.
    pub padding: Padding,
    /// Applied to each result.
    pub activation: Activation,
}

/// What a pooling makes of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolKind {
    /// The largest element.
    Max,
    /// Half the largest element plus half the mean of all.
    MaxAverageMean,
}

/// A pooling whose windows lie side by side: its stride is its window.
///
/// Padding never takes part: it is no maximum, and a mean is that of the elements inside the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// What becomes of a window.
    pub kind: PoolKind,
    /// Rows and columns of a window.
    pub window: [usize; 2],
    /// Whether windows may reach over the edge.
    pub padding: Padding,
}

impl Pool {
    /// No pooling: the largest element of windows of one.
    pub const NONE: Self = Self { kind: PoolKind::Max, window: [1, 1], padding: Padding::Valid };

    /// How the windows lie over images of `size` [H, W].
    ///
    /// # Panics
    /// When not one fits.
    pub fn spans(&self, size: [usize; 2]) -> [Span; 2] {
        [0, 1].map(|axis| {
            let span = self.padding.span(size[axis], self.window[axis], self.window[axis]);
            span.unwrap_or_else(|| panic!("the window of {self:?} does not fit into {size:?}"))
        })
    }

    /// Height and width of what becomes of images of `size` [H, W].
    ///
    /// # Panics
    /// When not one window fits.
    pub fn output(&self, size: [usize; 2]) -> [usize; 2] {
        self.spans(size).map(|span| span.output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_those_of_keras() {
        let span = |output, before, after| Some(Span { output, before, after });
        // size, window, stride: TensorFlow's documented rule, worked by hand.
        assert_eq!(Padding::Same.span(128, 2, 1), span(128, 0, 1));
        assert_eq!(Padding::Same.span(16, 2, 2), span(8, 0, 0));
        assert_eq!(Padding::Same.span(128, 3, 3), span(43, 0, 1));
        assert_eq!(Padding::Same.span(5, 3, 1), span(5, 1, 1));
        assert_eq!(Padding::Same.span(7, 6, 6), span(2, 2, 3));
        assert_eq!(Padding::Same.span(5, 1, 2), span(3, 0, 0));
        assert_eq!(Padding::Valid.span(7, 3, 3), span(2, 0, 0));
        assert_eq!(Padding::Valid.span(2, 3, 1), None);
    }
}
