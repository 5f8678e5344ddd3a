//! A blocking Bot API client without any cleverness.

use std::thread;
use std::time::Duration;

use playground::{Options, Playground};
use reqwest::header::HeaderMap;
use reqwest::multipart::Form;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// The longest a test waits for anything.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

pub(crate) struct Bot {
    runtime: Runtime,
    client: Client,
    base: String,
}

pub(crate) fn start() -> (Playground, Bot) {
    let people = vec![(7, "Owner".to_owned()), (8, "Guest".to_owned())];
    let playground = Playground::start(Options {
        people,
        ..Options::default()
    })
    .unwrap();
    let bot = Bot::of(&playground);
    (playground, bot)
}

impl Bot {
    pub(crate) fn of(playground: &Playground) -> Self {
        Self::at(format!(
            "{}/bot{}",
            playground.api_url(),
            playground.token()
        ))
    }

    pub(crate) fn at(base: String) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().no_proxy().timeout(LIMIT).build().unwrap();
        Self {
            runtime,
            client,
            base,
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Sends a request and returns status and body.
    pub(crate) fn send(&self, request: RequestBuilder) -> reqwest::Result<(u16, Vec<u8>)> {
        self.runtime.block_on(async {
            let response = request.send().await?;
            Ok((response.status().as_u16(), response.bytes().await?.to_vec()))
        })
    }

    pub(crate) fn try_call(&self, method: &str, params: Value) -> reqwest::Result<(u16, Vec<u8>)> {
        self.send(
            self.client
                .post(format!("{}/{method}", self.base))
                .json(&params),
        )
    }

    /// Calls a method and returns status and JSON answer.
    pub(crate) fn call(&self, method: &str, params: Value) -> (u16, Value) {
        parse(self.try_call(method, params).unwrap())
    }

    /// Calls a method that must succeed and returns its result.
    pub(crate) fn ok(&self, method: &str, params: Value) -> Value {
        let (status, answer) = self.call(method, params);
        assert_eq!(status, 200, "{method}: {answer}");
        answer["result"].clone()
    }

    /// Calls a method that must be refused and returns the description.
    pub(crate) fn refused(&self, method: &str, params: Value) -> String {
        let (status, answer) = self.call(method, params);
        assert_eq!(answer["error_code"], json!(status), "{method}: {answer}");
        format!("{status} {}", answer["description"].as_str().unwrap())
    }

    pub(crate) fn headers(&self, url: &str) -> HeaderMap {
        self.runtime.block_on(async {
            let response = self.client.get(url).send().await.unwrap();
            response.headers().clone()
        })
    }

    /// Returns the headers of an answer that leads elsewhere.
    pub(crate) fn headers_of_redirect(&self, url: &str) -> HeaderMap {
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .build()
            .unwrap();
        self.runtime.block_on(async {
            let response = client.get(url).send().await.unwrap();
            assert!(response.status().is_redirection(), "{url}");
            response.headers().clone()
        })
    }

    /// Reads this many server-sent events; `after_first` runs once the first is there.
    pub(crate) fn frames(&self, url: &str, n_frames: usize, after_first: impl Fn()) -> Vec<Value> {
        self.runtime.block_on(async {
            let mut response = self.client.get(url).send().await.unwrap();
            let mut text = String::new();
            let mut frames = Vec::new();
            while frames.len() < n_frames {
                let chunk = response.chunk().await.unwrap().expect("the stream goes on");
                text.push_str(std::str::from_utf8(&chunk).unwrap());
                while let Some((event, rest)) = text.split_once("\n\n") {
                    let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                    frames.extend(data.map(|data| serde_json::from_str(data).unwrap()));
                    text = rest.to_owned();
                    if frames.len() == 1 {
                        after_first();
                    }
                }
            }
            frames
        })
    }

    pub(crate) fn post_form(&self, method: &str, form: Form) -> (u16, Value) {
        let request = self
            .client
            .post(format!("{}/{method}", self.base))
            .multipart(form);
        parse(self.send(request).unwrap())
    }

    /// Calls a method from another thread.
    pub(crate) fn call_aside(
        &self,
        method: &'static str,
        params: Value,
    ) -> thread::JoinHandle<(u16, Value)> {
        let other = Self::at(self.base.clone());
        thread::spawn(move || other.call(method, params))
    }
}

pub(crate) fn parse((status, body): (u16, Vec<u8>)) -> (u16, Value) {
    (status, serde_json::from_slice(&body).unwrap())
}
