use huizong::{read::read, settings::Settings};
fn main() {
    let mut args = std::env::args().skip(1);
    let settings = Settings::load(std::path::Path::new(&args.next().unwrap())).unwrap();
    for f in args {
        let bytes = std::fs::read(&f).unwrap();
        let r = read(&f, &bytes, &[], &settings);
        println!("{f} year {:?} office {:?} {:?} form {} title {:?} date {:?} cells {}/{}", r.year, r.office, r.unregistered, r.form, r.title, r.published_on, r.cells_found, r.cells_expected);
        for x in &r.facts {
            let i = &settings.catalog.items[x.item as usize];
            println!("FACT\t{}\t{}\t{:?}\t{}\t{:?}\t{}\t{:?}", i.indicator, i.applicant.as_deref().unwrap_or(""), x.number(), x.state.id(), x.raw.of(&r.text), x.at.line, x.cell);
        }
        for x in &r.findings { println!("FIND {} {} {}", x.rule, x.at.line, x.message(&settings.rules, huizong::finding::Lang::Zh)); if !x.suggestion.is_empty() { println!("   => {}", x.suggestion); } }
    }
}
