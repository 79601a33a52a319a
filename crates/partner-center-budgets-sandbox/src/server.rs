//! From a request on the socket to an operation and back.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, handler::Handler, http::header::AUTHORIZATION, response::Response};

use crate::{
    TOKEN,
    answer::{self, Answer, Family},
    operations,
    refusal::Refusal,
    request::Request,
    world::World,
};

/// The world as the operations share it. They are short and never wait, so one lock around each is enough.
pub(crate) type Shared = Arc<Mutex<World>>;

pub(crate) fn router(world: World) -> Router {
    operations::routes().with_state(Arc::new(Mutex::new(world)))
}

/// An operation together with the family whose manners its answers have.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    family: Family,
    run: fn(&mut World, &Request) -> Answer,
}

impl Operation {
    pub(crate) fn new(family: Family, run: fn(&mut World, &Request) -> Answer) -> Operation {
        Operation { family, run }
    }

    fn answer(self, world: &Shared, request: &Request) -> Answer {
        // A path or method that does not exist is refused before anybody looks at the token.
        if self.family != Family::Framework {
            authorize(request)?;
        }
        (self.run)(&mut world.lock().unwrap_or_else(PoisonError::into_inner), request)
    }
}

impl Handler<(), Shared> for Operation {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: axum::extract::Request, world: Shared) -> Self::Future {
        Box::pin(async move {
            let request = Request::read(request).await;
            let answer = self.answer(&world, &request);
            answer::render(self.family, &request, answer)
        })
    }
}

fn authorize(request: &Request) -> Result<(), Refusal> {
    let Some(value) = request.headers.get(AUTHORIZATION) else {
        return Err(Refusal::token_missing());
    };
    let token = value.to_str().ok().and_then(|value| value.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && token.trim() == TOKEN => Ok(()),
        _ => Err(Refusal::access_denied()),
    }
}
