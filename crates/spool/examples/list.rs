//! Lists a store: `list maildir DIR` or `list mbox FILE [DIR]`. Prints what each mailbox holds and reads all of it.

use spool::{Layout, MboxQuoting, Store, StoreConfig};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let layout = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["maildir", root] => Layout::Maildir { root: root.into() },
        ["mbox", inbox] => Layout::Mbox {
            inbox: inbox.into(),
            folders: None,
            quoting: MboxQuoting::Mboxo,
        },
        ["mbox", inbox, folders] => Layout::Mbox {
            inbox: inbox.into(),
            folders: Some(folders.into()),
            quoting: MboxQuoting::Mboxo,
        },
        _ => return Err("usage: list maildir DIR | list mbox FILE [DIR]".into()),
    };
    let store = Store::open(&StoreConfig::new(layout))?;
    println!("mailbox\tuse\tmessages\tunseen\tflagged\tanswered\tdeleted\tnew\tbytes\tdefects");
    for mailbox in store.mailboxes()? {
        let name = mailbox.segments.join("/");
        if let Some(defect) = &mailbox.defect {
            println!("{name}\t{:?}", defect.kind);
        }
        let listing = match store.list(&mailbox.path, None) {
            Ok(listing) => listing,
            Err(error) => {
                println!("{name}\t{error}");
                continue;
            }
        };
        let count = |f: &dyn Fn(&spool::Entry) -> bool| listing.entries.iter().filter(|e| f(e)).count();
        let mut bytes = 0;
        for entry in &listing.entries {
            if let Some(file) = store.open_entry(&mailbox.path, &entry.base, &entry.location)? {
                bytes += file.read_all(1 << 30)?.len();
            }
        }
        println!(
            "{name}\t{:?}\t{}\t{}\t{}\t{}\t{}\t{}\t{bytes}\t{}",
            mailbox.special_use,
            listing.entries.len(),
            count(&|e| !e.flags.seen),
            count(&|e| e.flags.flagged),
            count(&|e| e.flags.answered),
            count(&|e| e.flags.deleted),
            count(&|e| e.recent),
            listing.defects.len(),
        );
    }
    Ok(())
}
