/// Somebody with mail on the campus.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) display: &'static str,
    pub(super) address: &'static str,
    /// Their mail is in mbox files, not in a Maildir.
    pub(super) mbox: bool,
    /// About how many messages of the everyday kind.
    pub(super) messages: u64,
}

/// Two students, a professor, a member of staff.
pub(super) const PEOPLE: &[Person] = &[
    Person {
        name: "tanaka",
        display: "田中 葵",
        address: "tanaka.a.aa@m.example.ac.jp",
        mbox: false,
        messages: 1200,
    },
    Person {
        name: "sato",
        display: "佐藤 健一",
        address: "sato.k.ab@m.example.ac.jp",
        mbox: false,
        messages: 600,
    },
    Person {
        name: "nakamura",
        display: "Kenji Nakamura",
        address: "nakamura@cs.example.ac.jp",
        mbox: false,
        messages: 900,
    },
    Person {
        name: "mori",
        display: "森 由美子",
        address: "mori.y@adm.example.ac.jp",
        mbox: true,
        messages: 500,
    },
];

/// A name and an address.
pub(super) type Mailbox = (&'static str, &'static str);

pub(super) const SATO: Mailbox = ("佐藤 健一", "sato.k.ab@m.example.ac.jp");
pub(super) const NAKAMURA: Mailbox = ("Kenji Nakamura", "nakamura@cs.example.ac.jp");
pub(super) const TAKAHASHI: Mailbox = ("高橋 﨑子", "takahashi@sample.example.co.jp");
pub(super) const YAMAMOTO: Mailbox = ("山本 美咲", "yamamoto.m.ac@m.example.ac.jp");
pub(super) const MEDIA_CENTER: Mailbox = ("総合メディアセンター", "gsic-info@adm.example.ac.jp");
pub(super) const REGISTRAR: Mailbox = ("学務部教務課", "kyomu@adm.example.ac.jp");
pub(super) const STUDENT_OFFICE: Mailbox = ("学生課", "gakusei@adm.example.ac.jp");
pub(super) const LIBRARY: Mailbox = ("図書館", "library@lib.example.ac.jp");
pub(super) const GITLAB: Mailbox = ("GitLab", "gitlab@git.cs.example.ac.jp");
pub(super) const COMMITTEE: Mailbox = ("Program Committee", "pc@conference.example.org");
pub(super) const COOP: Mailbox = ("生協ニュース", "news@coop.example.ac.jp");
pub(super) const POSTMASTER: Mailbox = ("Mail Delivery System", "MAILER-DAEMON@mx1.example.ac.jp");
pub(super) const SEMINAR_LIST: Mailbox = ("輪講 ML", "rinko-ml@cs.example.ac.jp");
