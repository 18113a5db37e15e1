//! A server that speaks the protocol of SQL Server (TDS 7.4) and knows no SQL: a function says what comes of each text.
//! It sends params back as they came, so that values go both ways through the protocol.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What comes of a text.
pub enum Reply {
    /// So many rows were written.
    Count(u64),
    /// The params, as a row.
    Echo,
    /// Rows of numbers, each a result of its own.
    Numbers(Vec<i64>),
    /// An error, by its number and words.
    Error(u32, &'static str),
    /// The connection ends.
    Gone,
}

/// What was sent, text by text.
pub type Log = Arc<Mutex<Vec<String>>>;

/// Starts a server; gives its port and what it is sent.
pub fn start(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> (u16, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port();
    let (log, reply) = (Log::default(), Arc::new(reply));
    let kept = log.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (log, reply) = (kept.clone(), reply.clone());
            std::thread::spawn(move || serve(stream, &*reply, &log));
        }
    });
    (port, log)
}

fn serve(mut stream: TcpStream, reply: &dyn Fn(&str) -> Reply, log: &Log) {
    while let Some((kind, message)) = receive(&mut stream) {
        let mut answer = Vec::new();
        match kind {
            0x12 => answer = prelogin(),
            0x10 => login(&message, &mut answer),
            0x01 | 0x03 => {
                let mut rest = &message[number(&message[..4])..];
                let text = if kind == 0x01 { utf16(rest) } else { procedure(&mut rest) };
                log.lock().expect("a log").push(text.clone());
                // The pool asks whether anybody is there.
                let reply = if text == "SELECT 1" { Reply::Count(1) } else { reply(&text) };
                match reply {
                    Reply::Count(count) => done(&mut answer, 0x10, count),
                    Reply::Echo => echo(rest, &mut answer),
                    Reply::Numbers(numbers) => rows_of(&numbers, &mut answer),
                    Reply::Error(number, words) => error(&mut answer, number, words),
                    Reply::Gone => return,
                }
            }
            other => panic!("a message of kind {other:#x}"),
        }
        if send(&mut stream, &answer).is_err() {
            return;
        }
    }
}

/// A message: its packets, put together.
fn receive(stream: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut message = Vec::new();
    loop {
        let mut header = [0; 8];
        stream.read_exact(&mut header).ok()?;
        let mut part = vec![0; usize::from(u16::from_be_bytes([header[2], header[3]])) - 8];
        stream.read_exact(&mut part).ok()?;
        message.extend(part);
        if header[1] & 1 == 1 {
            return Some((header[0], message));
        }
    }
}

fn send(stream: &mut TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let parts: Vec<&[u8]> = answer.chunks(4000).collect();
    for (at, part) in parts.iter().enumerate() {
        let length = u16::try_from(part.len() + 8).expect("a packet is small").to_be_bytes();
        let last = u8::from(at + 1 == parts.len());
        stream.write_all(&[0x04, last, length[0], length[1], 0, 0, 1, 0])?;
        stream.write_all(part)?;
    }
    Ok(())
}

/// The version, and that nothing is encrypted.
fn prelogin() -> Vec<u8> {
    let mut answer = vec![0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff];
    answer.extend([16, 0, 0, 0, 0, 0, 2]);
    answer
}

/// Lets `sa` with the password `secret` in.
fn login(message: &[u8], answer: &mut Vec<u8>) {
    let field = |at: usize| {
        let place = usize::from(u16::from_le_bytes([message[at], message[at + 1]]));
        let chars = usize::from(u16::from_le_bytes([message[at + 2], message[at + 3]]));
        &message[place..place + chars * 2]
    };
    let password: Vec<u8> = field(44).iter().map(|byte| (byte ^ 0xa5).rotate_left(4)).collect();
    if (utf16(field(40)).as_str(), utf16(&password).as_str()) != ("sa", "secret") {
        return error(answer, 18456, "Login failed for user 'sa'.");
    }
    let mut body = vec![1, 0x74, 0, 0, 4, 4];
    push_utf16(&mut body, "mock");
    body.extend([16, 0, 0, 0]);
    answer.push(0xad);
    answer.extend(u16::try_from(body.len()).expect("it is short").to_le_bytes());
    answer.extend(body);
    done(answer, 0, 0);
}

/// The text of a call of `sp_executesql`; what is left are its params, without their declaration.
fn procedure(rest: &mut &[u8]) -> String {
    assert_eq!(rest[..4], [0xff, 0xff, 10, 0], "sp_executesql");
    *rest = &rest[6..];
    let text = param(rest).text();
    if !rest.is_empty() {
        param(rest);
    }
    text
}

/// A param: its type and its value, as they were sent.
struct Param<'a> {
    kind: &'a [u8],
    value: &'a [u8],
}

impl Param<'_> {
    fn text(&self) -> String {
        if self.kind[1..3] != [0xff, 0xff] {
            return utf16(&self.value[2..]);
        }
        let (mut bytes, mut rest) = (Vec::new(), &self.value[8..]);
        while number(&rest[..4]) > 0 {
            let end = 4 + number(&rest[..4]);
            bytes.extend(&rest[4..end]);
            rest = &rest[end..];
        }
        utf16(&bytes)
    }
}

fn param<'a>(rest: &mut &'a [u8]) -> Param<'a> {
    // Its name, and a byte that says whether it is one of output.
    *rest = &rest[usize::from(rest[0]) * 2 + 2..];
    let size = match rest[0] {
        0x1f | 0x28 => 1,
        0x24 | 0x26 | 0x29..=0x2b | 0x68 | 0x6d => 2,
        0xa5 => 3,
        0x6a | 0x6c => 4,
        0xe7 => 8,
        other => panic!("a param of type {other:#x}"),
    };
    let (kind, after) = rest.split_at(size);
    let length = match kind {
        [0x1f] => 0,
        [0xa5 | 0xe7, 0xff, 0xff, ..] if after[..8] == [0xff; 8] => 8,
        [0xa5 | 0xe7, 0xff, 0xff, ..] => {
            let mut end = 8;
            while number(&after[end..end + 4]) > 0 {
                end += 4 + number(&after[end..end + 4]);
            }
            end + 4
        }
        [0xa5 | 0xe7, ..] if after[..2] == [0xff; 2] => 2,
        [0xa5 | 0xe7, ..] => 2 + usize::from(u16::from_le_bytes([after[0], after[1]])),
        _ => 1 + usize::from(after[0]),
    };
    let (value, after) = after.split_at(length);
    *rest = after;
    Param { kind, value }
}

fn echo(mut rest: &[u8], answer: &mut Vec<u8>) {
    let mut params = Vec::new();
    while !rest.is_empty() {
        params.push(param(&mut rest));
    }
    columns(answer, params.iter().map(|param| param.kind));
    answer.push(0xd1);
    params.iter().for_each(|param| answer.extend(param.value));
    done(answer, 0x10, 1);
}

fn rows_of(numbers: &[i64], answer: &mut Vec<u8>) {
    for number in numbers {
        columns(answer, [[0x26_u8, 8].as_slice()].into_iter());
        answer.extend([0xd1, 8]);
        answer.extend(number.to_le_bytes());
        done(answer, 0x11, 1);
    }
    done(answer, 0, 0);
}

fn columns<'a>(answer: &mut Vec<u8>, kinds: impl ExactSizeIterator<Item = &'a [u8]>) {
    answer.push(0x81);
    answer.extend(u16::try_from(kinds.len()).expect("few columns").to_le_bytes());
    for kind in kinds {
        answer.extend([0, 0, 0, 0, 1, 0]);
        answer.extend(kind);
        answer.push(1);
        push_utf16(answer, "c");
    }
}

fn error(answer: &mut Vec<u8>, number: u32, words: &str) {
    let mut body = number.to_le_bytes().to_vec();
    body.extend([1, 14]);
    body.extend(u16::try_from(words.encode_utf16().count()).expect("few words").to_le_bytes());
    push_utf16(&mut body, words);
    body.extend([0, 0, 1, 0, 0, 0]);
    answer.push(0xaa);
    answer.extend(u16::try_from(body.len()).expect("few words").to_le_bytes());
    answer.extend(body);
    done(answer, 0x02, 0);
}

fn done(answer: &mut Vec<u8>, status: u8, count: u64) {
    answer.extend([0xfd, status, 0, 0, 0]);
    answer.extend(count.to_le_bytes());
}

fn number(bytes: &[u8]) -> usize {
    u32::from_le_bytes(bytes.try_into().expect("four bytes")) as usize
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    String::from_utf16(&units).expect("UTF-16")
}

fn push_utf16(into: &mut Vec<u8>, text: &str) {
    text.encode_utf16().for_each(|unit| into.extend(unit.to_le_bytes()));
}
