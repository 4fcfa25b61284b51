//! Thrift's compact protocol, as far as it takes to hold every count against the bytes there are for it
//! (<https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>).

/// Structs and lists within each other; Parquet has not ten.
const DEEPEST: u32 = 32;

/// Kinds of value.
pub(crate) const BYTE: u8 = 3;
pub(crate) const I32: u8 = 5;
pub(crate) const TEXT: u8 = 8;
pub(crate) const LIST: u8 = 9;
pub(crate) const STRUCT: u8 = 12;

/// Bytes of which each value is read in its turn.
pub(crate) struct Walk<'a> {
    pub(crate) rest: &'a [u8],
}

pub(crate) type Checked<T = ()> = Result<T, &'static str>;

impl<'a> Walk<'a> {
    /// The next bytes.
    pub(crate) fn take(&mut self, n_bytes: u64) -> Checked<&'a [u8]> {
        let n_bytes = usize::try_from(n_bytes).ok().filter(|n| *n <= self.rest.len()).ok_or("it ends too early")?;
        let (taken, rest) = self.rest.split_at(n_bytes);
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Checked<u8> {
        Ok(self.take(1)?[0])
    }

    fn varint(&mut self) -> Checked<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err("a number is longer than 64 bits")
    }

    pub(crate) fn zigzag(&mut self) -> Checked<i64> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A count of things of which each takes a byte at least.
    pub(crate) fn count(&mut self, n: u64) -> Checked<u64> {
        if n <= self.rest.len() as u64 { Ok(n) } else { Err("it announces more than it holds") }
    }

    /// The next field of a struct: its kind, with `id` as its number; nothing at the struct's end.
    ///
    /// The parquet crate takes a number that is too long for what remains of it, so that it would see another field.
    pub(crate) fn field(&mut self, id: &mut i16) -> Checked<Option<u8>> {
        let header = self.byte()?;
        if header == 0 {
            return Ok(None);
        }
        let found = match header >> 4 {
            0 => self.zigzag()?,
            step => i64::from(*id) + i64::from(step),
        };
        *id = i16::try_from(found).map_err(|_| "it has a field of no such number")?;
        Ok(Some(header & 0x0f))
    }

    /// How many values a list has, and of what kind.
    pub(crate) fn list(&mut self) -> Checked<(u64, u8)> {
        let header = self.byte()?;
        let n = match header >> 4 {
            15 => self.varint()?,
            n => u64::from(n),
        };
        Ok((self.count(n)?, header & 0x0f))
    }

    /// Goes past a struct.
    pub(crate) fn structure(&mut self, depth: u32) -> Checked {
        let mut id = 0;
        while let Some(kind) = self.field(&mut id)? {
            self.field_value(kind, depth)?;
        }
        Ok(())
    }

    /// Goes past the value of a field.
    pub(crate) fn field_value(&mut self, kind: u8, depth: u32) -> Checked {
        // A truth value as a field lies in the header.
        if matches!(kind, 1 | 2) { Ok(()) } else { self.value(kind, depth) }
    }

    /// Goes past a value.
    fn value(&mut self, kind: u8, depth: u32) -> Checked {
        if depth > DEEPEST {
            return Err("it is nested too deeply");
        }
        match kind {
            // Parquet has no lists of truth values here; the parquet crate takes no byte for one that it goes past,
            // so that a few bytes could keep it busy for long.
            1 | 2 => Err("it holds a list of truth values"),
            BYTE => self.byte().map(drop),
            4..=6 => self.varint().map(drop),
            7 => self.take(8).map(drop),
            TEXT => {
                let n_bytes = self.varint()?;
                self.take(n_bytes).map(drop)
            }
            LIST | 10 => {
                let (n, kind) = self.list()?;
                (0..n).try_for_each(|_| self.value(kind, depth + 1))
            }
            11 => {
                let n = self.varint()?;
                if n == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                (0..self.count(n)?).try_for_each(|_| {
                    self.value(kinds >> 4, depth + 1)?;
                    self.value(kinds & 0x0f, depth + 1)
                })
            }
            STRUCT => self.structure(depth + 1),
            13 => self.take(16).map(drop),
            _ => Err("it holds a kind of value that there is not"),
        }
    }
}
