//! Keeping to what the service allows.

mod estimate;
mod limiter;
mod pace;
mod settings;
mod stretch;
mod window;

#[cfg(test)]
mod simulation;
