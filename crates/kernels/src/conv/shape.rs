//! The sizes of a convolution.

use crate::{ConvSpec, Span};

/// The sizes of a convolution's input and filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvShape {
    /// Images in the batch, N.
    pub batch: usize,
    /// Channels of an image, C.
    pub channels: usize,
    /// Height and width of an image, H and W.
    pub size: [usize; 2],
    /// Filters, the channels of the result, O.
    pub filters: usize,
    /// Height and width of a filter, KH and KW.
    pub kernel: [usize; 2],
    /// Stride, padding, activation.
    pub spec: ConvSpec,
}

impl ConvShape {
    /// Height and width of the result, H' and W'.
    ///
    /// # Panics
    /// When no filter fits into the image.
    pub fn output(&self) -> [usize; 2] {
        self.spans().map(|span| span.output)
    }

    pub(crate) fn spans(&self) -> [Span; 2] {
        [0, 1].map(|axis| {
            let span = self.spec.padding.span(self.size[axis], self.kernel[axis], self.spec.stride[axis]);
            span.unwrap_or_else(|| panic!("no filter fits into the image of {self:?}"))
        })
    }

    /// Elements of one image under one filter, C·KH·KW.
    pub(crate) fn patch(&self) -> usize {
        self.channels * self.kernel[0] * self.kernel[1]
    }

    /// Elements of one image of the input.
    pub(crate) fn image(&self) -> usize {
        self.channels * self.size[0] * self.size[1]
    }

    /// Places of one filter in one image, H'·W'.
    pub(crate) fn places(&self) -> usize {
        let [height, width] = self.output();
        height * width
    }

    pub(crate) fn check(&self, input: &[f32], weights: &[f32], bias: Option<&[f32]>) {
        assert!(self.batch * self.filters * self.patch() > 0, "a convolution needs images and filters, found {self:?}");
        assert_eq!(input.len(), self.batch * self.image(), "input of {self:?}");
        assert_eq!(weights.len(), self.filters * self.patch(), "weights of {self:?}");
        if let Some(bias) = bias {
            assert_eq!(bias.len(), self.filters, "bias of {self:?}");
        }
    }
}
