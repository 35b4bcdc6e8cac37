//! Enumerations that keep what they do not know.
//!
//! Queue protocol v1 only adds, so a desk meets values from newer servers. Such a value is kept
//! word for word, is sent back unchanged, and is shown as "other".

/// Declares an enumeration whose serialised form is a plain string and whose unknown values
/// survive in `Other`.
#[macro_export]
macro_rules! open_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        $vis enum $name {
            $($(#[$vmeta])* $variant,)+
            /// A value that this version does not know; kept and shown as "other".
            Other(String),
        }

        impl $name {
            /// Every known value, in the order of declaration.
            pub const KNOWN: &'static [$name] = &[$($name::$variant),+];

            /// The value as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $text,)+
                    $name::Other(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => $name::$variant,)+
                    _ => $name::Other(text),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                text.to_owned().into()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.as_str().to_owned()
            }
        }
    };
}
