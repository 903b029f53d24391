//! The wire format of protocol buffers, as far as a trace needs it.
//!
//! Source: "Encoding", protobuf.dev/programming-guides/encoding.

/// A message that is being written. Fields are told by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Message(Vec<u8>);

/// Wire types, the low three bits of a tag.
const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const BYTES: u64 = 2;

impl Message {
    /// An integer, an enumeration or a flag.
    pub(crate) fn number(mut self, field: u32, number: u64) -> Self {
        self.tag(field, VARINT);
        varint(&mut self.0, number);
        self
    }

    /// A double.
    pub(crate) fn double(mut self, field: u32, value: f64) -> Self {
        self.tag(field, FIXED64);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// A text.
    pub(crate) fn text(self, field: u32, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    /// A message within this one.
    pub(crate) fn message(self, field: u32, inner: &Message) -> Self {
        self.bytes(field, &inner.0)
    }

    /// What was written.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn bytes(mut self, field: u32, bytes: &[u8]) -> Self {
        self.tag(field, BYTES);
        varint(&mut self.0, bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    fn tag(&mut self, field: u32, wire: u64) {
        varint(&mut self.0, u64::from(field) << 3 | wire);
    }
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
#[expect(clippy::cast_possible_truncation, reason = "the low seven bits of each step")]
fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
pub(crate) mod read {
    //! Reads any message back, knowing nothing of its schema.

    /// A field as it stands on the wire.
    #[derive(Debug, Clone, PartialEq)]
    pub(crate) enum Value<'b> {
        Number(u64),
        Double(f64),
        Bytes(&'b [u8]),
    }

    impl<'b> Value<'b> {
        pub(crate) fn number(&self) -> u64 {
            match self {
                Value::Number(number) => *number,
                other => panic!("no number: {other:?}"),
            }
        }

        pub(crate) fn double(&self) -> f64 {
            match self {
                Value::Double(value) => *value,
                other => panic!("no double: {other:?}"),
            }
        }

        pub(crate) fn text(&self) -> &'b str {
            match self {
                Value::Bytes(bytes) => std::str::from_utf8(bytes).expect("UTF-8"),
                other => panic!("no text: {other:?}"),
            }
        }

        pub(crate) fn fields(&self) -> Vec<(u32, Value<'b>)> {
            match self {
                Value::Bytes(bytes) => fields(bytes),
                other => panic!("no message: {other:?}"),
            }
        }
    }

    /// Every field of a message, in order.
    pub(crate) fn fields(mut bytes: &[u8]) -> Vec<(u32, Value<'_>)> {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let tag = varint(&mut bytes);
            let value = match tag & 7 {
                0 => Value::Number(varint(&mut bytes)),
                1 => {
                    let (double, rest) = bytes.split_first_chunk::<8>().expect("eight bytes");
                    bytes = rest;
                    Value::Double(f64::from_le_bytes(*double))
                }
                2 => {
                    let length = usize::try_from(varint(&mut bytes)).expect("a length");
                    let (inner, rest) = bytes.split_at(length);
                    bytes = rest;
                    Value::Bytes(inner)
                }
                other => panic!("wire type {other}"),
            };
            fields.push((u32::try_from(tag >> 3).expect("a field number"), value));
        }
        fields
    }

    pub(crate) fn varint(bytes: &mut &[u8]) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = bytes.split_first().expect("a byte");
            *bytes = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return number;
            }
        }
        panic!("a number without an end");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::read::{Value, fields};
    use super::*;

    #[test]
    fn messages_are_these_bytes() {
        // The worked examples of the format's own description: field 1 is 150, field 2 is "testing".
        assert_eq!(Message::default().number(1, 150).as_bytes(), [0x08, 0x96, 0x01]);
        let text = Message::default().text(2, "testing");
        assert_eq!(text.as_bytes(), [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
        let inner = Message::default().message(3, &Message::default().number(1, 150));
        assert_eq!(inner.as_bytes(), [0x1a, 0x03, 0x08, 0x96, 0x01]);
        assert_eq!(Message::default().double(1, 1.0).as_bytes(), [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            written in proptest::collection::vec((1_u32..1 << 29, any::<u64>(), any::<f64>(), ".*"), 0..8)
        ) {
            let mut message = Message::default();
            for (field, number, value, text) in &written {
                message = message.number(*field, *number).double(*field, *value).text(*field, text);
            }
            let read = fields(message.as_bytes());
            prop_assert_eq!(read.len(), written.len() * 3);
            for ((field, number, value, text), read) in written.iter().zip(read.chunks(3)) {
                prop_assert_eq!(&read[0], &(*field, Value::Number(*number)));
                prop_assert_eq!(read[1].1.double().to_bits(), value.to_bits());
                prop_assert_eq!(read[2].1.text(), text);
            }
        }
    }
}
