//! HTTP by hand, for clients that no library would be: slow, rude, or cut short.

use crate::{client::Client, deadline::PATIENCE};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// A connection to a server, on which any bytes can be sent.
pub struct Raw(TcpStream);

impl Raw {
    /// # Panics
    /// When the server does not accept it in time.
    pub async fn connect(api: &Client) -> Self {
        let address = api.address().strip_prefix("http://").expect("plain HTTP");
        let stream = timeout(PATIENCE, TcpStream::connect(address)).await.expect("the server accepts");
        Self(stream.expect("the server accepts"))
    }

    /// One that takes only a few kilobytes before somebody reads them.
    ///
    /// # Panics
    /// When the server does not accept it in time.
    pub async fn connect_narrow(api: &Client) -> Self {
        let socket = TcpSocket::new_v4().expect("there are sockets");
        socket.set_recv_buffer_size(4096).expect("a small one");
        let address = api.address().strip_prefix("http://").expect("plain HTTP").parse().expect("a number and a port");
        Self(timeout(PATIENCE, socket.connect(address)).await.expect("in time").expect("the server accepts"))
    }

    /// This end's port.
    pub fn port(&self) -> u16 {
        self.0.local_addr().expect("it is connected").port()
    }

    /// Reads until the server has nothing more to say or the connection breaks, and counts the bytes.
    pub async fn count_rest(&mut self) -> usize {
        let (mut bytes, mut total) = (vec![0; 65_536], 0);
        while let Ok(count @ 1..) = self.0.read(&mut bytes).await {
            total += count;
        }
        total
    }

    /// Sends bytes; false once the server has closed the connection.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// What the server has said so far; none while it is silent and listens.
    pub fn heard(&self) -> Option<String> {
        let mut bytes = [0; 4096];
        match self.0.try_read(&mut bytes) {
            Ok(count) => Some(String::from_utf8_lossy(&bytes[..count]).into_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => None,
            // Closed with bytes under way.
            Err(_) => Some(String::new()),
        }
    }

    /// The beginning of the answer, with its status line; empty when the connection was closed without one.
    pub async fn answer(&mut self) -> String {
        let mut bytes = vec![0; 65_536];
        let count = timeout(PATIENCE, self.0.read(&mut bytes)).await.expect("the server answers in time");
        String::from_utf8_lossy(&bytes[..count.unwrap_or(0)]).into_owned()
    }
}

/// The head of a request with a body of `length` bytes, under the client's token.
pub fn head(method: &str, path: &str, token: Option<&str>, content_type: &str, length: usize) -> String {
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!(
        "{method} /api{path} HTTP/1.1\r\nHost: pupil\r\n{token}Content-Type: {content_type}\r\n\
         Content-Length: {length}\r\n\r\n"
    )
}

/// A multipart body of one file, and its content type.
pub fn multipart(name: &str, bytes: &[u8]) -> (&'static str, Vec<u8>) {
    let mut body =
        format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend(bytes);
    body.extend(b"\r\n--cut--\r\n");
    ("multipart/form-data; boundary=cut", body)
}
