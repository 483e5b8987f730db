/// A number with separators: `38,204`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes as a person reads them: `48 KB`, `1.2 MB`.
pub fn size(bytes: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1_000_000_000, " GB"), (1_000_000, " MB"), (1_000, " KB")];
    for (unit, name) in STEPS {
        if bytes >= unit {
            let tenths = (bytes / (unit / 10)).min(99_999);
            let mut out = count(tenths / 10);
            if tenths < 100 {
                out.push('.');
                out.push_str(&(tenths % 10).to_string());
            }
            out.push_str(name);
            return out;
        }
    }
    let mut out = bytes.to_string();
    out.push_str(" B");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(38_204), "38,204");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(size(900), "900 B");
        assert_eq!(size(1_250_000), "1.2 MB");
        assert_eq!(size(48_100), "48 KB");
        assert_eq!(size(9_990), "9.9 KB");
    }
}
