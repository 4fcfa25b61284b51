//! Ogg Vorbis: the second packet is the list of comments. The pages behind it get other numbers where it takes more of them.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Seek, SeekFrom, Write},
};

use ogg_pager::{CONTAINS_FIRST_PAGE_OF_BITSTREAM, Packets, Page, PageError};

use super::list::List;
use crate::{
    error::{Fault, malformed},
    tag::Tag,
};

/// Identification, comments, codebooks.
const HEADERS: isize = 3;
const IDENTIFICATION: &[u8] = b"\x01vorbis";
const COMMENTS: &[u8] = b"\x03vorbis";

/// The packets in front of the audio, and what of their last page is audio already.
fn headers(file: &mut BufReader<&mut File>) -> Result<(Packets, Option<Page>), Fault> {
    file.seek(SeekFrom::Start(0))?;
    let first = Packets::read_count(file, 1).map_err(fault)?.0;
    if !first.get(0).is_some_and(|packet| packet.starts_with(IDENTIFICATION)) {
        return Err(Fault::Unsupported("Ogg files of another codec than Vorbis".to_owned()));
    }
    file.seek(SeekFrom::Start(0))?;
    Packets::read_count(file, HEADERS).map_err(fault)
}

fn list(packets: &Packets) -> Result<List, Fault> {
    match packets.get(1).and_then(|packet| packet.strip_prefix(COMMENTS)) {
        Some(list) => List::read(list),
        None => malformed("its second packet is no list of comments"),
    }
}

pub fn read(file: &mut File) -> Result<Tag, Fault> {
    Ok(list(&headers(&mut BufReader::new(file))?.0)?.tag)
}

pub fn write(file: &mut File, tag: &Tag, target: &mut File) -> Result<(), Fault> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut file = BufReader::new(file);
    file.seek(SeekFrom::Start(0))?;
    let serial = Page::read(&mut file).map_err(fault)?.header().stream_serial;
    let (mut packets, remainder) = headers(&mut file)?;
    let new = list(&packets)?.with(&tag.items)?;
    packets.set(1, [COMMENTS, &new].concat());
    let mut target = BufWriter::new(target);
    let pages = packets.write_to(&mut target, serial, 0, CONTAINS_FIRST_PAGE_OF_BITSTREAM).map_err(fault)?;
    let mut number = u32::try_from(pages).expect("pages of a list in memory");
    let mut put = |mut page: Page| {
        page.header_mut().sequence_number = number;
        page.gen_crc();
        number = number.wrapping_add(1);
        target.write_all(&page.as_bytes())
    };
    remainder.map_or(Ok(()), &mut put)?;
    // Everything to the end must be pages of the one stream: what is not would be lost.
    while file.stream_position()? < length {
        let at = file.stream_position()?;
        let page = Page::read(&mut file).map_err(|_| Fault::Malformed(format!("there is no page at byte {at}")))?;
        if page.header().stream_serial != serial {
            return Err(Fault::Unsupported("Ogg files of several streams".to_owned()));
        }
        put(page)?;
    }
    target.flush()?;
    Ok(())
}

fn fault(error: PageError) -> Fault {
    match error {
        PageError::Io(error) => Fault::Io(error),
        error => Fault::Malformed(format!("its pages: {error}")),
    }
}
