#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

fn said(kind: u16, body: &[u8]) -> Vec<u8> {
    let len = HEADER_BYTES + body.len();
    let mut out = Vec::new();
    out.extend_from_slice(&u32::try_from(len).unwrap().to_ne_bytes());
    out.extend_from_slice(&kind.to_ne_bytes());
    out.resize(HEADER_BYTES, 0);
    out.extend_from_slice(body);
    out.resize(len.next_multiple_of(4), 0);
    out
}

fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let len = 4 + value.len();
    let mut out = u16::try_from(len).unwrap().to_ne_bytes().to_vec();
    out.extend_from_slice(&kind.to_ne_bytes());
    out.extend_from_slice(value);
    out.resize(len.next_multiple_of(4), 0);
    out
}

fn link_of(family: u8, index: u32, flags: u32) -> Vec<u8> {
    let mut body = vec![family, 0, 0, 0];
    for number in [index, flags, 0] {
        body.extend_from_slice(&number.to_ne_bytes());
    }
    body
}

/// With the time for which it holds, which changes each time.
fn address_of(last: u8, scope: u8, holds: u8) -> Vec<u8> {
    let mut body = vec![2, 24, 0, scope];
    body.extend_from_slice(&7_u32.to_ne_bytes());
    body.extend(attribute(1, &[192, 0, 2, 255]));
    body.extend(attribute(2, &[192, 0, 2, last]));
    body.extend(attribute(6, &[holds; 16]));
    body
}

fn way_of(length: u8, gateway: u8, flags: u32) -> Vec<u8> {
    let mut body = vec![2, length, 0, 0, 254, 0, 0, 1];
    body.extend_from_slice(&flags.to_ne_bytes());
    body.extend(attribute(5, &[192, 0, 2, gateway]));
    body.extend(attribute(12, &[gateway; 16]));
    body
}

#[test]
fn only_what_is_new_is_new() {
    let mut networks = Networks::default();
    let mut is_new = |kind, body: &[u8]| networks.hear(&said(kind, body)).is_new;
    // An interface that carries nothing, and then does.
    assert!(!is_new(NEW_LINK, &link_of(0, 7, 0x1)));
    assert!(is_new(NEW_LINK, &link_of(0, 7, 0x41)));
    assert!(
        !is_new(NEW_LINK, &link_of(0, 7, 0x1_0041)),
        "how well a radio hears"
    );
    assert!(is_new(NEW_LINK, &link_of(0, 7, 0x0)));
    assert!(!is_new(DEL_LINK, &link_of(0, 7, 0x0)));
    assert!(
        !is_new(NEW_LINK, &link_of(0, 1, 0x49)),
        "the machine itself"
    );
    assert!(!is_new(NEW_LINK, &link_of(7, 9, 0x41)), "a bridge's port");
    // An address, the same once more for longer, and another.
    assert!(is_new(NEW_ADDRESS, &address_of(1, 0, 1)));
    assert!(!is_new(NEW_ADDRESS, &address_of(1, 0, 2)));
    assert!(is_new(NEW_ADDRESS, &address_of(2, 0, 1)));
    assert!(is_new(DEL_ADDRESS, &address_of(1, 0, 9)));
    assert!(!is_new(DEL_ADDRESS, &address_of(1, 0, 9)));
    assert!(
        !is_new(NEW_ADDRESS, &address_of(3, 254, 1)),
        "of the machine itself"
    );
    assert!(
        !is_new(NEW_ADDRESS, &address_of(4, 253, 1)),
        "good on its cable alone"
    );
    // A way out, and another; a way to one place, and one that is only remembered.
    assert!(is_new(NEW_ROUTE, &way_of(0, 1, 0)));
    assert!(!is_new(NEW_ROUTE, &way_of(0, 1, 0)));
    assert!(is_new(NEW_ROUTE, &way_of(0, 2, 0)));
    assert!(is_new(DEL_ROUTE, &way_of(0, 1, 0)));
    assert!(!is_new(NEW_ROUTE, &way_of(24, 1, 0)));
    assert!(!is_new(NEW_ROUTE, &way_of(0, 3, 0x200)));
    assert!(!is_new(99, &[0; 40]));
}

#[test]
fn several_messages_come_together_and_the_last_one_ends_an_answer() {
    let mut networks = Networks::default();
    let both = [
        said(NEW_LINK, &link_of(0, 7, 0x41)),
        said(NEW_ADDRESS, &address_of(1, 0, 1)),
    ];
    let heard = networks.hear(&[&both.concat()[..], &said(DONE, &[0; 4])].concat());
    assert_eq!(
        heard,
        Heard {
            is_new: true,
            is_done: true
        }
    );
    assert_eq!((networks.links.len(), networks.addresses.len()), (1, 1));
    assert_eq!(
        networks.hear(&said(ERROR, &[0; 20])),
        Heard {
            is_new: false,
            is_done: true
        }
    );
}

#[test]
fn what_is_cut_short_or_nonsense_is_passed_over() {
    let whole = [
        said(NEW_LINK, &link_of(0, 7, 0x41)),
        said(NEW_ADDRESS, &address_of(1, 0, 1)),
        said(NEW_ROUTE, &way_of(0, 1, 0)),
    ]
    .concat();
    for end in 0..whole.len() {
        Networks::default().hear(&whole[..end]);
        for value in [0, 1, 3, 255] {
            let mut bent = whole.clone();
            bent[end] = value;
            Networks::default().hear(&bent);
        }
    }
    // A length of nothing does not go round for ever.
    assert_eq!(Networks::default().hear(&[0; 64]), Heard::default());
}
