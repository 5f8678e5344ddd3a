//! The hosts of Anthropic that a login needs, on loopback: a proxy to which the program is led, and
//! which answers in their place behind certificates of an authority of its own.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::bridge::World;

/// What a login gives: the models are asked with it.
pub(crate) const TOKEN: &str = "sk-ant-oat01-of-the-login";

/// What renews it.
pub(crate) const RENEWAL: &str = "sk-ant-ort01-of-the-login";

/// A request that came through the proxy: its host, method and path, and its body.
#[derive(Debug, Clone)]
pub(crate) struct Called {
    pub(crate) what: String,
    pub(crate) body: Value,
}

/// The hosts, for as long as it is held.
pub(crate) struct LoginHosts {
    called: Arc<Mutex<Vec<Called>>>,
    _authority: TempDir,
}

impl LoginHosts {
    /// Leads the program there. A login lasts for so many days, as the token's host says.
    pub(crate) fn start(world: &mut World, days: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let folder = TempDir::new().expect("a folder");
        let (authority, certificate) = authority();
        let file = folder.path().join("authority.pem");
        fs::write(&file, certificate).expect("a certificate is written");
        world.env("HTTPS_PROXY", &format!("http://{address}"));
        // The mock of the models is on loopback itself.
        world.env("NO_PROXY", "127.0.0.1");
        world.env("NODE_EXTRA_CA_CERTS", &file.display().to_string());
        let called: Arc<Mutex<Vec<Called>>> = Arc::default();
        let (notes, authority) = (Arc::clone(&called), Arc::new(authority));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (notes, authority) = (Arc::clone(&notes), Arc::clone(&authority));
                thread::spawn(move || serve(stream, &authority, days, &notes));
            }
        });
        Self {
            called,
            _authority: folder,
        }
    }

    /// Returns the requests that came.
    pub(crate) fn called(&self) -> Vec<Called> {
        self.called.lock().unwrap().clone()
    }
}

type Authority = Issuer<'static, KeyPair>;

/// Makes an authority, and its certificate in PEM.
fn authority() -> (Authority, String) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::default();
    // Another name than that of the certificates, which would else look as if they signed themselves.
    let name = &mut params.distinguished_name;
    name.push(DnType::CommonName, "authority of a test");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).expect("a certificate");
    (Issuer::new(params, key), certificate.pem())
}

/// Answers what comes through one connection; whoever is gone gets no answer.
fn serve(
    mut stream: TcpStream,
    authority: &Authority,
    days: u64,
    notes: &Mutex<Vec<Called>>,
) -> Option<()> {
    let host = connect(&mut stream)?;
    let tls = ServerConnection::new(config_for(&host, authority)).expect("a connection");
    let mut stream = BufReader::new(StreamOwned::new(tls, stream));
    loop {
        let (start, body) = request(&mut stream)?;
        let what = format!("{host} {start}");
        let answer = answer_to(&what, days);
        notes.lock().unwrap().push(Called { what, body });
        let (status, answer) = match answer {
            Some(answer) => ("200 OK", answer),
            None => ("404 Not Found", json!({})),
        };
        let answer = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        let stream = stream.get_mut();
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(answer.as_bytes()).ok()?;
        stream.flush().ok()?;
    }
}

/// Takes in whom a connection is for, and lets it begin.
fn connect(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).ok()?;
    let (host, _) = head.strip_prefix("CONNECT ")?.split_once(':')?;
    let begun = stream.write_all(b"HTTP/1.1 200 Connection Established\r\n\r\n");
    begun.ok().map(|()| host.to_owned())
}

fn config_for(host: &str, authority: &Authority) -> Arc<ServerConfig> {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new([host.to_owned()]).expect("a host");
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    let chain = vec![CertificateDer::from(certificate)];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth();
    Arc::new(config.with_single_cert(chain, key).expect("a key of it"))
}

/// Reads a request: its method and path, and its body.
fn request(stream: &mut impl BufRead) -> Option<(String, Value)> {
    let mut line = || {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|n| *n > 0)?;
        Some(line.trim_end().to_owned())
    };
    let start = line()?;
    let mut headers = HashMap::new();
    while let Some((name, value)) = line()?.split_once(':') {
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|it| it.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    let start = start.rsplit_once(' ')?.0.to_owned();
    Some((start, serde_json::from_slice(&body).unwrap_or_default()))
}

fn answer_to(what: &str, days: u64) -> Option<Value> {
    let account = json!({"uuid": "11111111-2222-4333-8444-555555555555", "email_address": "ada@example.com", "email": "ada@example.com"});
    let organization = json!({"uuid": "66666666-7777-4888-8999-000000000000", "name": "Ada", "organization_type": "claude_max", "rate_limit_tier": "default_claude_max_5x"});
    match what {
        "platform.claude.com POST /v1/oauth/token" => Some(json!({
            "token_type": "Bearer",
            "access_token": TOKEN,
            "expires_in": 28_800,
            "refresh_token": RENEWAL,
            "refresh_token_expires_in": days * 24 * 60 * 60,
            "scope": "user:inference user:profile user:sessions:claude_code",
            "account": account,
            "organization": organization,
        })),
        "api.anthropic.com GET /api/oauth/profile" => {
            Some(json!({"account": account, "organization": organization}))
        }
        _ => None,
    }
}
