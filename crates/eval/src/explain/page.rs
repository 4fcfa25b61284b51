//! The picture as a page, with the numbers of its curves.

use segno_page::{Markup, Page, figure, html, svg};

use super::{Explanation, Faithfulness, draw::WIDTH};
use crate::EvalError;

impl Explanation {
    /// The picture as a page that needs nothing else.
    ///
    /// # Errors
    /// [`EvalError::Undrawn`].
    pub fn html(&self) -> Result<String, EvalError> {
        let (height, elements) = self.elements()?;
        let name = format!("What a model heard of {}, and what its answer hangs on", self.title);
        let drawing = svg("plot", &name, [WIDTH, height], &elements.into_string());
        let caption = html! { (self.answer) ". " (self.verdict()) };
        let body = html! {
            h1 { (self.title) }
            p.by { (self.method) }
            (figure(&name, &drawing, &caption, &self.table()))
        };
        Ok(Page { title: format!("{}: what the answer hangs on", self.title), body, ..Page::default() }.render())
    }

    fn table(&self) -> Markup {
        let Faithfulness { map, random, .. } = &self.faithfulness;
        let steps = map.deletion.len() - 1;
        html! {
            table {
                caption { "Probability as a share of the cells is moved" }
                thead { tr {
                    @for head in ["Share", "Deletion", "Deletion, random", "Insertion", "Insertion, random"] { th.num scope="col" { (head) } }
                } }
                tbody {
                    @for step in 0..=steps {
                        tr {
                            th.num scope="row" { (format!("{:.0} %", step as f64 / steps as f64 * 100.0)) }
                            @for curve in [&map.deletion, &random.deletion, &map.insertion, &random.insertion] {
                                td.num { (format!("{:.3}", curve[step])) }
                            }
                        }
                    }
                }
            }
        }
    }
}
