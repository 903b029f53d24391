use super::{CATALOGUE, Faults};

#[test]
fn every_fault_has_one_name_in_order_and_says_who_finds_it_out() {
    assert!(CATALOGUE.windows(2).all(|pair| pair[0].name < pair[1].name), "sorted, and no name twice");
    for kind in CATALOGUE {
        let is_word = |word: &str, also: u8| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == also)
        };
        assert!(
            is_word(kind.name, b'-') && is_word(kind.gate, b'_') && is_word(kind.cause, b'_'),
            "{kind:?}"
        );
        if let Some(amount) = kind.amount {
            assert!((amount.least..=amount.most).contains(&amount.usual), "{kind:?}");
        }
    }
}

#[test]
fn faults_compose_in_the_order_given() {
    let faults = Faults::read(&["charger@120s:15W", "hot-start:5K", "hot-start:3K"]).expect("three faults");
    let names: Vec<&str> = faults.kinds().map(|kind| kind.name).collect();
    assert_eq!(names, ["charger", "hot-start", "hot-start"]);
    assert!(!faults.is_empty() && Faults::default().is_empty());
    let many = vec!["stuck-sensor"; 33];
    assert!(Faults::read(&many).expect_err("too many").to_string().contains("more than 32"));
}
