//! What both programs of this crate need: `bench` compares with PyTorch, `load` has many people come at once.

pub mod machine;
pub mod statistics;
