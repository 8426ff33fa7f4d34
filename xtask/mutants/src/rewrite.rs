//! Puts every mutant of a file behind its switch.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{
    BinOp, Block, Expr, ImplItemFn, Item, ItemFn, ItemImpl, ReturnType, Signature, Stmt, UnOp, parse_quote,
};

/// One change of the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mutant {
    pub(crate) number: usize,
    pub(crate) line: usize,
    /// `file: function: what`, unique, and without the line, which moves with every edit.
    pub(crate) key: String,
}

impl std::fmt::Display for Mutant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (file, rest) = self.key.split_once(": ").unwrap_or((&self.key, ""));
        write!(f, "{} {file}:{}: {rest}", self.number, self.line)
    }
}

/// A file with its mutants in it.
#[derive(Debug)]
pub(crate) struct Rewritten {
    pub(crate) text: String,
    pub(crate) mutants: Vec<Mutant>,
    pub(crate) left: Vec<String>,
}

/// Rewrites a file; the first mutant gets the number `first`.
pub(crate) fn file(name: &str, source: &str, first: usize) -> syn::Result<Rewritten> {
    let mut tree = syn::parse_file(source)?;
    let mut rewriter =
        Rewriter { name, source, first, place: Vec::new(), mutants: Vec::new(), left: Vec::new() };
    rewriter.visit_file_mut(&mut tree);
    let Rewriter { mutants, left, .. } = rewriter;
    Ok(Rewritten { text: tree.into_token_stream().to_string(), mutants, left })
}

struct Rewriter<'a> {
    name: &'a str,
    source: &'a str,
    first: usize,
    /// The type and the functions around.
    place: Vec<String>,
    mutants: Vec<Mutant>,
    left: Vec<String>,
}

impl VisitMut for Rewriter<'_> {
    fn visit_item_mut(&mut self, item: &mut Item) {
        // A constant is computed before any switch can be thrown.
        let is_constant = matches!(item, Item::Const(_) | Item::Static(_) | Item::Enum(_) | Item::Macro(_));
        if !is_constant && !is_left_out(item) {
            visit_mut::visit_item_mut(self, item);
        }
    }

    fn visit_impl_item_const_mut(&mut self, _: &mut syn::ImplItemConst) {}
    fn visit_trait_item_const_mut(&mut self, _: &mut syn::TraitItemConst) {}
    fn visit_type_mut(&mut self, _: &mut syn::Type) {}
    fn visit_pat_mut(&mut self, _: &mut syn::Pat) {}
    fn visit_generic_argument_mut(&mut self, _: &mut syn::GenericArgument) {}
    fn visit_expr_const_mut(&mut self, _: &mut syn::ExprConst) {}

    fn visit_expr_repeat_mut(&mut self, repeat: &mut syn::ExprRepeat) {
        self.visit_expr_mut(&mut repeat.expr);
    }

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        let of = item
            .trait_
            .as_ref()
            .and_then(|(_, path, _)| path.segments.last())
            .map(|last| last.ident.to_string());
        // Words for people: the code, not the wording, is the contract.
        if matches!(of.as_deref(), Some("Display" | "Debug")) {
            return;
        }
        let named = self.text(item.self_ty.span());
        self.place.push(of.map_or_else(|| named.clone(), |of| format!("<{of} for {named}>")));
        visit_mut::visit_item_impl_mut(self, item);
        self.place.pop();
    }

    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        self.function(&mut function.sig, &mut function.block);
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        if !function.attrs.iter().any(is_elsewhere) {
            self.function(&mut function.sig, &mut function.block);
        }
    }

    fn visit_trait_item_fn_mut(&mut self, function: &mut syn::TraitItemFn) {
        if let Some(block) = &mut function.default {
            self.function(&mut function.sig, block);
        }
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        if let Some((_, guard)) = &mut arm.guard {
            self.condition(guard);
        }
        self.visit_expr_mut(&mut arm.body);
    }

    fn visit_expr_if_mut(&mut self, chosen: &mut syn::ExprIf) {
        self.condition(&mut chosen.cond);
        self.visit_block_mut(&mut chosen.then_branch);
        if let Some((_, other)) = &mut chosen.else_branch {
            self.visit_expr_mut(other);
        }
    }

    fn visit_expr_while_mut(&mut self, repeated: &mut syn::ExprWhile) {
        self.condition(&mut repeated.cond);
        self.visit_block_mut(&mut repeated.body);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let text = self.text(expr.span());
        let line = expr.span().start().line;
        match expr {
            Expr::Binary(_) => self.binary(expr, &text, line),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                if is_question(&unary.expr) {
                    visit_mut::visit_expr_mut(self, &mut unary.expr);
                } else {
                    self.visit_expr_mut(&mut unary.expr);
                }
                // Not every `!` is of a bool.
                let inner = unary.expr.as_ref().clone();
                self.choose(expr, &inner, &format!("`{text}` without its `!`"), line);
            }
            _ if is_question(expr) => {
                visit_mut::visit_expr_mut(self, expr);
                self.negate(expr, &format!("`{text}` negated"), line);
            }
            Expr::Range(range) => {
                visit_mut::visit_expr_range_mut(self, range);
                self.narrowed(range, &text, line);
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }
}

impl Rewriter<'_> {
    fn function(&mut self, signature: &mut Signature, block: &mut Block) {
        let before = self.mutants.len();
        self.place.push(signature.ident.to_string());
        let line = signature.ident.span().start().line;
        let results: &[(&str, Expr)] = match returned(signature).as_str() {
            "bool" => &[("returns true", parse_quote!(true)), ("returns false", parse_quote!(false))],
            text if is_empty_result(text) => &[("skipped", parse_quote!(Ok(())))],
            _ => &[],
        };
        if results.is_empty() && signature.ident.to_string().starts_with("check_") {
            self.left.push(format!("{}:{line}: {} gives a value: not skipped", self.name, signature.ident));
        }
        let early: Vec<Stmt> = results
            .iter()
            .map(|(what, result)| {
                let number = self.mutant(what, line);
                parse_quote!(if crate::mutant::on(#number) { return #result; })
            })
            .collect();
        self.visit_block_mut(block);
        block.stmts.splice(0..0, early);
        if self.mutants.len() > before {
            signature.constness = None;
        }
        self.place.pop();
    }

    /// What decides an `if`, a `while` or an arm: negated whole, unless it is a comparison or a negation, which are mutants of their own.
    fn condition(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Let(bound) => self.visit_expr_mut(&mut bound.expr),
            Expr::Binary(both) if holds_let(both) => {
                self.condition(&mut both.left);
                self.condition(&mut both.right);
            }
            _ if is_question(expr) => self.visit_expr_mut(expr),
            Expr::Binary(_) | Expr::Unary(syn::ExprUnary { op: UnOp::Not(_), .. }) => {
                let is_joined =
                    matches!(expr, Expr::Binary(both) if matches!(both.op, BinOp::And(_) | BinOp::Or(_)));
                let (text, line) = (self.text(expr.span()), expr.span().start().line);
                self.visit_expr_mut(expr);
                if is_joined {
                    self.negate(expr, &format!("condition `{text}` negated"), line);
                }
            }
            _ => {
                let (text, line) = (self.text(expr.span()), expr.span().start().line);
                self.visit_expr_mut(expr);
                self.negate(expr, &format!("condition `{text}` negated"), line);
            }
        }
    }

    fn binary(&mut self, expr: &mut Expr, text: &str, line: usize) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::Binary(both) = expr else { return };
        match both.op {
            BinOp::And(_) | BinOp::Or(_) => *expr = self.joined(both, text, line),
            BinOp::Eq(_) | BinOp::Ne(_) => self.negate(expr, &format!("`{text}` negated"), line),
            BinOp::Lt(_) => self.shifted(expr, parse_quote!(<=), text, line),
            BinOp::Le(_) => self.shifted(expr, parse_quote!(<), text, line),
            BinOp::Gt(_) => self.shifted(expr, parse_quote!(>=), text, line),
            BinOp::Ge(_) => self.shifted(expr, parse_quote!(>), text, line),
            BinOp::Add(_) => self.exchanged(expr, parse_quote!(-), text, line),
            BinOp::Sub(_) => self.exchanged(expr, parse_quote!(+), text, line),
            BinOp::AddAssign(_) => self.exchanged(expr, parse_quote!(-=), text, line),
            BinOp::SubAssign(_) => self.exchanged(expr, parse_quote!(+=), text, line),
            _ => {}
        }
    }

    /// `a && b` is `!(!a || !b)`: with all three turned by one switch, it is `a || b`, and nothing stands twice.
    fn joined(&mut self, both: &syn::ExprBinary, text: &str, line: usize) -> Expr {
        let other = if matches!(both.op, BinOp::And(_)) { "||" } else { "&&" };
        let number = self.mutant(&format!("`{text}` with `{other}`"), line);
        let syn::ExprBinary { left, op, right, .. } = both;
        parse_quote!(crate::mutant::flip(
            #number,
            crate::mutant::flip(#number, #left) #op crate::mutant::flip(#number, #right)
        ))
    }

    fn shifted(&mut self, expr: &mut Expr, op: BinOp, text: &str, line: usize) {
        let mut boundary = expr.clone();
        self.negate(expr, &format!("`{text}` negated"), line);
        if let Expr::Binary(both) = &mut boundary {
            both.op = op;
        }
        self.choose(expr, &boundary, &format!("`{text}` with `{}`", op.to_token_stream()), line);
    }

    fn exchanged(&mut self, expr: &mut Expr, op: BinOp, text: &str, line: usize) {
        let mut changed = expr.clone();
        if let Expr::Binary(both) = &mut changed {
            both.op = op;
        }
        self.choose(expr, &changed, &format!("`{text}` with `{}`", op.to_token_stream()), line);
    }

    /// `a..=b` one shorter, at either end.
    fn narrowed(&mut self, range: &mut syn::ExprRange, text: &str, line: usize) {
        if !matches!(range.limits, syn::RangeLimits::Closed(_)) {
            return;
        }
        if let Some(start) = &mut range.start {
            let number = self.mutant(&format!("`{text}` without its start"), line);
            **start = parse_quote!(crate::mutant::later(#number, #start));
        }
        if let Some(end) = &mut range.end {
            let number = self.mutant(&format!("`{text}` without its end"), line);
            **end = parse_quote!(crate::mutant::earlier(#number, #end));
        }
    }

    fn choose(&mut self, expr: &mut Expr, changed: &Expr, what: &str, line: usize) {
        let number = self.mutant(what, line);
        *expr = parse_quote!((if crate::mutant::on(#number) { #changed } else { #expr }));
    }

    fn negate(&mut self, expr: &mut Expr, what: &str, line: usize) {
        let number = self.mutant(what, line);
        *expr = parse_quote!(crate::mutant::flip(#number, #expr));
    }

    fn mutant(&mut self, what: &str, line: usize) -> usize {
        let key = format!("{}: {}: {what}", self.name, self.place.join("::"));
        let is_same = |mutant: &Mutant| mutant.key == key || mutant.key.starts_with(&format!("{key} ("));
        let same = self.mutants.iter().filter(|mutant| is_same(mutant)).count();
        let key = if same == 0 { key } else { format!("{key} ({})", same + 1) };
        let number = self.first + self.mutants.len();
        self.mutants.push(Mutant { number, line, key });
        number
    }

    /// As it stands in the source, in one line.
    fn text(&self, span: Span) -> String {
        let range = span.byte_range();
        let text = self.source.get(range).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// What answers with a bool, by its name: `matches!`, `….contains(…)`, `is_…(…)`.
fn is_question(expr: &Expr) -> bool {
    let is_asking = |name: &syn::Ident| {
        let name = name.to_string();
        name.starts_with("is_") || QUESTIONS.contains(&name.as_str())
    };
    match expr {
        Expr::Macro(call) => call.mac.path.is_ident("matches"),
        Expr::MethodCall(call) => is_asking(&call.method),
        Expr::Call(call) => match call.func.as_ref() {
            Expr::Path(function) => function.path.segments.last().is_some_and(|last| is_asking(&last.ident)),
            _ => false,
        },
        _ => false,
    }
}

fn is_left_out(item: &Item) -> bool {
    let attributes = match item {
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(is_elsewhere)
}

/// Compiled for tests alone, or where loom plays the threads.
fn is_elsewhere(attribute: &syn::Attribute) -> bool {
    let meta = attribute.meta.to_token_stream().to_string().replace(' ', "");
    attribute.path().is_ident("cfg") && (meta.contains("test") || meta == "cfg(loom)")
}

fn returned(signature: &Signature) -> String {
    match &signature.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, returned) => returned.to_token_stream().to_string().replace(' ', ""),
    }
}

fn is_empty_result(returned: &str) -> bool {
    returned == "Result<()>" || returned.starts_with("Result<(),")
}

fn holds_let(both: &syn::ExprBinary) -> bool {
    let holds = |side: &Expr| match side {
        Expr::Let(_) => true,
        Expr::Binary(both) => holds_let(both),
        _ => false,
    };
    holds(&both.left) || holds(&both.right)
}

const QUESTIONS: [&str; 7] = ["all", "any", "contains", "contains_key", "ends_with", "eq", "starts_with"];

#[cfg(test)]
mod tests;
