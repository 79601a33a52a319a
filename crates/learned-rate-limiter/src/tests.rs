mod limits;
mod queue;
mod resume;
