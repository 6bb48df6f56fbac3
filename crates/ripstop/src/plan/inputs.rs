//! Which input of a line is a product: looked through where there are few, looked up where there are many.

use crate::model::ids::ProductId;
use crate::model::network::{Line, Network};

/// Inputs that are looked through one by one.
const FEW: usize = 32;

/// Inputs of lines with many, by line and product.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// First input of the line, product, first input of that product; sorted.
    many: Vec<(u32, u32, u32)>,
}

impl Inputs {
    pub fn new(network: &Network) -> Self {
        let lines = network.lines.iter().filter(|line| (line.last_input - line.first_input) as usize > FEW);
        let of_line = |line: &Line| {
            let first = line.first_input;
            (first..line.last_input).map(move |input| (first, network.inputs[input as usize].product.0, input))
        };
        let mut many: Vec<(u32, u32, u32)> = lines.flat_map(of_line).collect();
        many.sort_unstable();
        Self { many }
    }

    /// The first input of a line that is a product.
    pub fn of(&self, network: &Network, line: &Line, product: ProductId) -> Option<usize> {
        let mut own = line.first_input as usize..line.last_input as usize;
        if own.len() <= FEW {
            return own.find(|&input| network.inputs[input].product == product);
        }
        let at = self.many.partition_point(|&(first, other, _)| (first, other) < (line.first_input, product.0));
        let &(first, found, input) = self.many.get(at)?;
        (first == line.first_input && found == product.0).then_some(input as usize)
    }
}
