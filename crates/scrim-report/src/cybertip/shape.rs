//! The elements of the CyberTipline's two documents in their order, as data.
//!
//! Source: NCMEC, CyberTipline Reporting API, technical documentation, appendices B (`report`) and C (`fileDetails`),
//! <https://report.cybertip.org/ispws/documentation/>, and its schema, <https://report.cybertip.org/ispws/xsd>, which is
//! given to registered reporters only. What stands here was compared with two published programs that write these
//! documents and say that they follow them: roostorg/coop (`fieldCoverage.test.ts`, orders read from the schema's
//! `xs:sequence`) and a second one that quotes the documentation of 2026-08-26. Where the two differ (`fileName`, which
//! the appendix leaves out), the schema's order stands. An element whose inside is `Open` is checked by whoever reports.

/// What an element may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// Text of at most so many characters.
    Text(usize),
    /// `true` or `false`.
    Truth,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// An instant with its zone.
    Time,
    /// A hash, with `hashType` beside it.
    Hash,
    /// Nothing: that it is there says it.
    Flag,
    /// Elements of its own.
    Group(&'static Shape),
    /// Not described here.
    Open,
}

/// An element inside another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Child {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub is: Is,
    /// It must be there.
    pub is_required: bool,
    /// It may be there more than once.
    pub may_repeat: bool,
}

/// An element with elements inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// What may be inside, in order.
    pub children: &'static [Child],
}

const fn may(name: &'static str, is: Is) -> Child {
    Child {
        name,
        is,
        is_required: false,
        may_repeat: false,
    }
}

const fn must(name: &'static str, is: Is) -> Child {
    Child {
        is_required: true,
        ..may(name, is)
    }
}

const fn many(name: &'static str, is: Is) -> Child {
    Child {
        may_repeat: true,
        ..may(name, is)
    }
}

/// Longest text where the documentation names no length.
const LONG: usize = 1_000_000;

/// Values of `incidentType`.
pub const INCIDENT_TYPES: [&str; 8] = [
    "Child Pornography (possession, manufacture, and distribution)",
    "Child Sex Trafficking",
    "Child Sex Tourism",
    "Child Sexual Molestation",
    "Misleading Domain Name",
    "Misleading Words or Digital Images on the Internet",
    "Online Enticement of Children for Sexual Acts",
    "Unsolicited Obscene Material Sent to a Child",
];
/// Values of `fileRelevance`; the second one is what has no classification.
pub const RELEVANCE: [&str; 2] = ["Reported", "Supplemental Reported"];
/// Values of `industryClassification`.
pub const CLASSIFICATIONS: [&str; 4] = ["A1", "A2", "B1", "B2"];
/// Longest `hashType`, in characters.
pub(super) const HASH_TYPE_CHARS_MAX: usize = 64;

const PERSON: Shape = Shape {
    children: &[
        may("firstName", Is::Text(LONG)),
        may("lastName", Is::Text(LONG)),
        many("phone", Is::Open),
        many("email", Is::Open),
        many("address", Is::Open),
        may("age", Is::Text(LONG)),
        may("ageAssertionDiscrepancy", Is::Truth),
        may("dateOfBirth", Is::Text(LONG)),
    ],
};

const IP_CAPTURE: Shape = Shape {
    children: &[
        must("ipAddress", Is::Text(LONG)),
        may("eventName", Is::Text(LONG)),
        may("dateTime", Is::Time),
        may("possibleProxy", Is::Truth),
        may("port", Is::Text(5)),
    ],
};

const INCIDENT: Shape = Shape {
    children: &[
        must("incidentType", Is::OneOf(&INCIDENT_TYPES)),
        may("platform", Is::Text(LONG)),
        may("escalateToHighPriority", Is::Text(LONG)),
        may("reportAnnotations", Is::Open),
        must("incidentDateTime", Is::Time),
        may("incidentDateTimeDescription", Is::Text(LONG)),
    ],
};

const REPORTER: Shape = Shape {
    children: &[
        must("reportingPerson", Is::Group(&PERSON)),
        may("contactPerson", Is::Group(&PERSON)),
        may("companyTemplate", Is::Text(LONG)),
        may("termsOfService", Is::Text(LONG)),
        may("legalURL", Is::Text(2_083)),
    ],
};

const REPORTED: Shape = Shape {
    children: &[
        may("personOrUserReportedPerson", Is::Group(&PERSON)),
        may("vehicleDescription", Is::Text(300)),
        may("espIdentifier", Is::Text(255)),
        may("espService", Is::Text(100)),
        may("compromisedAccount", Is::Truth),
        may("screenName", Is::Text(256)),
        many("displayName", Is::Text(LONG)),
        many("profileUrl", Is::Text(2_083)),
        may("profileBio", Is::Text(LONG)),
        many("ipCaptureEvent", Is::Group(&IP_CAPTURE)),
        many("deviceId", Is::Open),
        may("thirdPartyUserReported", Is::Truth),
        many("priorCTReports", Is::Text(LONG)),
        may("groupIdentifier", Is::Text(255)),
        may("accountTemporarilyDisabled", Is::Open),
        may("accountPermanentlyDisabled", Is::Open),
        may("estimatedLocation", Is::Open),
        may("allEmailsReported", Is::Truth),
        many("associatedAccount", Is::Open),
        may("additionalInfo", Is::Text(LONG)),
    ],
};

const ANNOTATIONS: Shape = Shape {
    children: &[
        may("animeDrawingVirtualHentai", Is::Flag),
        may("potentialMeme", Is::Flag),
        may("viral", Is::Flag),
        may("possibleSelfProduction", Is::Flag),
        may("physicalHarm", Is::Flag),
        may("violenceGore", Is::Flag),
        may("bestiality", Is::Flag),
        may("liveStreaming", Is::Flag),
        may("infant", Is::Flag),
        may("generativeAi", Is::Flag),
    ],
};

/// The document `report`.
pub const REPORT: Shape = Shape {
    children: &[
        may("batchedReport", Is::Truth),
        must("incidentSummary", Is::Group(&INCIDENT)),
        many("internetDetails", Is::Open),
        may("lawEnforcement", Is::Open),
        must("reporter", Is::Group(&REPORTER)),
        may("personOrUserReported", Is::Group(&REPORTED)),
        many("intendedRecipient", Is::Open),
        many("victim", Is::Open),
        may("additionalInfo", Is::Text(LONG)),
    ],
};

/// The document `fileDetails`.
pub const FILE_DETAILS: Shape = Shape {
    children: &[
        must("reportId", Is::Text(LONG)),
        must("fileId", Is::Text(LONG)),
        may("fileName", Is::Text(LONG)),
        may("originalFileName", Is::Text(2_056)),
        may("uploadedToEspTimestamp", Is::Time),
        may("locationOfFile", Is::Text(LONG)),
        may("fileViewedByEsp", Is::Truth),
        may("exifViewedByEsp", Is::Truth),
        may("publiclyAvailable", Is::Truth),
        may("fileRelevance", Is::OneOf(&RELEVANCE)),
        may("fileAnnotations", Is::Group(&ANNOTATIONS)),
        may("industryClassification", Is::OneOf(&CLASSIFICATIONS)),
        many("originalFileHash", Is::Hash),
        many("ipCaptureEvent", Is::Group(&IP_CAPTURE)),
        many("deviceId", Is::Open),
        many("details", Is::Open),
        may("additionalInfo", Is::Text(LONG)),
    ],
};

/// Documents by the name of their root.
pub const DOCUMENTS: [(&str, Shape); 2] = [("report", REPORT), ("fileDetails", FILE_DETAILS)];
