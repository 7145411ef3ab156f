//! One report of any kind from one seed: what a property test draws, and prints when it fails.

use super::filled::FilledForm;
use super::generate::{self, History, Temperament};
use super::layout::{Flaws, Layout};
use super::prose::{self, Length, Office, Prose};
use super::render::{self, Rendered};
use super::rng::Rng;

/// Everything that decides what a report looks like.
#[derive(Clone, Debug)]
pub struct Case {
    /// Decides all that the other fields leave open.
    pub seed: u64,
    /// The report year.
    pub year: u16,
    /// How the office fills the form.
    pub temperament: Temperament,
    /// The layout.
    pub layout: Layout,
    /// The damage.
    pub flaws: Flaws,
    /// Plain text instead of Markdown.
    pub plain_text: bool,
}

/// A report with all that went into it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The form.
    pub form: FilledForm,
    /// The prose.
    pub prose: Prose,
    /// The report and its known cells.
    pub report: Rendered,
}

impl Case {
    /// Any year, temperament and layout, with the given flaws.
    pub fn any(seed: u64, flaws: Flaws) -> Self {
        let mut rng = Rng::new(!seed);
        Self {
            seed,
            year: rng.between(2019, 2025) as u16,
            temperament: *rng.pick(&Temperament::ALL),
            layout: Layout::random(&mut rng),
            flaws,
            plain_text: rng.chance(0.15),
        }
    }

    /// The filled form alone, for a test that plants a fault before rendering.
    pub fn form(&self) -> FilledForm {
        let mut rng = Rng::new(self.seed);
        generate::form(&mut rng, self.year, self.temperament, &mut History::default())
    }

    /// The report.
    pub fn make(&self) -> Made {
        self.make_with(self.form())
    }

    /// The report of another form, such as one with a planted fault.
    pub fn make_with(&self, form: FilledForm) -> Made {
        let mut rng = Rng::for_name(self.seed, "prose and tables");
        let office = Office::new("云州市", "青岚区", "望湖街街道");
        let prose = prose::write(&mut rng, &office, &form, Length::Short);
        let render = if self.plain_text { render::plain_text } else { render::markdown };
        let report = render(&form, &prose, &self.layout, self.flaws, &mut rng);
        Made { form, prose, report }
    }
}
