//! Numbers of TOML files that may be formulas over parameters: settings of case.toml, shares of behaviour files. They are checked, drawn and
//! swept like cells.

use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::language::expr::Expr;
use crate::language::faults::{formula_fault, formula_note};
use crate::language::schema::ColumnSpec;
use crate::tables::columns::nearest_parameter;
use crate::tables::parameters::{ParamId, ParamKind, Parameters, Values, expression_fault, misuse};
use crate::tables::table::NumberCell;

/// A number, or a formula over parameters.
#[derive(Clone, Debug)]
pub struct Amount {
    /// Its key.
    pub(crate) spec: ColumnSpec,
    pub(crate) cell: NumberCell,
    /// Where it stands.
    pub(crate) at: Position,
}

impl Amount {
    /// A plain number.
    pub(crate) fn number(spec: &ColumnSpec, number: f64, at: Position) -> Self {
        Self { spec: *spec, cell: NumberCell::Value(number), at }
    }

    /// Takes a formula in place of the number; where it cannot be read that is diagnosed and the number stays.
    pub(crate) fn take_formula(&mut self, text: &str, parameters: &Parameters, diagnostics: &mut Vec<Diagnostic>) {
        let at = &self.at;
        if let Some(fault) = formula_fault(text, at) {
            diagnostics.push(fault);
            return;
        }
        let fault = match Expr::parse(text, &|name| parameters.find(name)) {
            Err(error) => expression_fault(error, &|name| nearest_parameter(parameters, name), &|_, _| at.clone()),
            Ok(expr) => {
                let kinds: Vec<ParamKind> = expr.parameters().map(|id| parameters.get(id).kind()).collect();
                match misuse(ParamKind::Number, &kinds) {
                    Some(message) => Diagnostic::new(Code::WrongParameter, at, message),
                    None => {
                        if expr.parameters().next().is_none() {
                            diagnostics.push(formula_note(text, expr.evaluate(&[]), at));
                        }
                        self.cell = expr.as_parameter().map_or_else(|| NumberCell::Formula(Box::new(expr)), NumberCell::Parameter);
                        return;
                    }
                }
            }
        };
        diagnostics.push(fault);
    }

    /// Its value.
    pub fn value(&self, values: &Values) -> f64 {
        match &self.cell {
            NumberCell::Blank => f64::NAN,
            NumberCell::Value(number) => *number,
            NumberCell::Parameter(id) => values.get(*id),
            NumberCell::Formula(expr) => expr.evaluate(&values.0),
        }
    }

    /// Parameters it uses.
    pub fn parameters(&self) -> Vec<ParamId> {
        match &self.cell {
            NumberCell::Parameter(id) => vec![*id],
            NumberCell::Formula(expr) => expr.parameters().collect(),
            _ => Vec::new(),
        }
    }
}
