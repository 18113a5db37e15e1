//! Definitions and their changes as bytes: their parts in the order of their fields, and for what is one of several a byte
//! that says which, counted from 0 in the order of `variants!`.

use super::{Coded, Malformed, Reader, push_number};
use crate::expr::Expr;
use crate::store::{
    Action, Check, Column, ColumnChange, Ddl, Default, Definition, Fold, ForeignKey, Index, Kind, PrimaryKey,
    TableName,
};
use crate::value::{Str, Value};

macro_rules! parts {
    ($($name:ident { $($part:ident),* })*) => {
        $(impl Coded for $name {
            fn write(&self, into: &mut Vec<u8>) {
                $(self.$part.write(into);)*
            }

            fn read(from: &mut Reader<'_>) -> Result<$name, Malformed> {
                Ok($name { $($part: Coded::read(from)?),* })
            }
        })*
    };
}

parts! {
    Definition { name, columns, primary_key, indexes, foreign_keys, checks, comment }
    TableName { prefix, name }
    Column { name, kind, nullable, default, declared, comment }
    PrimaryKey { name, columns }
    Index { name, columns, unique, nulls_distinct, filter, comment }
    ForeignKey { name, columns, references, referenced, on_delete, on_update, full }
    Check { name, condition, comment }
    ColumnChange { kind, nullable, default }
}

macro_rules! variants {
    ($($what:literal $name:ident { $($byte:literal $variant:ident $(($($plain:ident),*))? $({ $($part:ident),* })?;)* })*) => {
        $(impl Coded for $name {
            fn write(&self, into: &mut Vec<u8>) {
                match self {
                    $($name::$variant $(($($plain),*))? $({ $($part),* })? => {
                        into.push($byte);
                        $($($plain.write(into);)*)?
                        $($($part.write(into);)*)?
                    })*
                }
            }

            fn read(from: &mut Reader<'_>) -> Result<$name, Malformed> {
                Ok(match from.byte()? {
                    $($byte => {
                        $($(let $plain = Coded::read(from)?;)*)?
                        $($(let $part = Coded::read(from)?;)*)?
                        $name::$variant $(($($plain),*))? $({ $($part),* })?
                    })*
                    _ => return Err(Malformed($what)),
                })
            }
        })*
    };
}

variants! {
    "a default" Default {
        0 Null;
        1 Value(value);
        2 Sequence;
        3 Function(name);
        4 Folded(fold, column);
    }
    "a fold" Fold {
        0 Lower;
        1 Upper;
    }
    "an action" Action {
        0 Nothing;
        1 Restrict;
        2 Cascade;
        3 Nilify(columns);
        4 Default(columns);
    }
    "a change of definitions" Ddl {
        0 CreateTable(definition);
        1 DropTable { table, cascade };
        2 RenameTable { table, to };
        3 AddColumn { table, column };
        4 DropColumn { table, column };
        5 ModifyColumn { table, column, change };
        6 RenameColumn { table, column, to };
        7 AddPrimaryKey { table, name, columns };
        8 CreateIndex { table, index };
        9 DropIndex { prefix, index };
        10 RenameIndex { prefix, index, to };
        11 AddForeignKey { table, foreign_key, validate };
        12 AddCheck { table, check, validate };
        13 DropConstraint { table, constraint };
        14 Comment { table, column, comment };
    }
}

impl Coded for Kind {
    fn write(&self, into: &mut Vec<u8>) {
        let (byte, size) = match self {
            Kind::Any => (0, None),
            Kind::Boolean => (1, None),
            Kind::Integer(bits) => (2, Some(u64::from(*bits))),
            Kind::Float => (3, None),
            Kind::Decimal(None) => (4, None),
            Kind::Decimal(Some((precision, scale))) => {
                (5, Some(u64::from(*precision) << 16 | u64::from(*scale)))
            }
            Kind::Text(None) => (6, None),
            Kind::Text(Some(limit)) => (7, Some(u64::from(*limit))),
            Kind::Binary => (8, None),
            Kind::Uuid => (9, None),
            Kind::Date => (10, None),
            Kind::Time(precision) => (11, Some(u64::from(*precision))),
            Kind::NaiveDatetime(precision) => (12, Some(u64::from(*precision))),
            Kind::UtcDatetime(precision) => (13, Some(u64::from(*precision))),
            Kind::Json => (14, None),
            Kind::List(element) => {
                into.push(15);
                return element.write(into);
            }
        };
        into.push(byte);
        size.into_iter().for_each(|size| push_number(into, size));
    }

    fn read(from: &mut Reader<'_>) -> Result<Kind, Malformed> {
        // Kinds of elements are counted, so that a list of lists of lists can't exhaust the stack.
        let mut lists = 0;
        let mut byte = from.byte()?;
        while byte == 15 && lists < super::MAX_DEPTH {
            lists += 1;
            byte = from.byte()?;
        }
        let mut kind = match byte {
            0 => Kind::Any,
            1 => Kind::Boolean,
            2 => Kind::Integer(small(from)?),
            3 => Kind::Float,
            4 => Kind::Decimal(None),
            5 => {
                let size = from.small()?;
                Kind::Decimal(Some(((size >> 16) as u16, size as u16)))
            }
            6 => Kind::Text(None),
            7 => Kind::Text(Some(from.small()?)),
            8 => Kind::Binary,
            9 => Kind::Uuid,
            10 => Kind::Date,
            11 => Kind::Time(small(from)?),
            12 => Kind::NaiveDatetime(small(from)?),
            13 => Kind::UtcDatetime(small(from)?),
            14 => Kind::Json,
            _ => return Err(Malformed("a kind of column")),
        };
        for _ in 0..lists {
            kind = Kind::List(Box::new(kind));
        }
        Ok(kind)
    }
}

fn small(from: &mut Reader<'_>) -> Result<u8, Malformed> {
    u8::try_from(from.number()?).map_err(|_| Malformed("a number of 8 bits"))
}

/// A type of a column, and as it was declared.
impl Coded for (Kind, Option<Str>) {
    fn write(&self, into: &mut Vec<u8>) {
        self.0.write(into);
        self.1.write(into);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok((Coded::read(from)?, Coded::read(from)?))
    }
}

/// An expression is its document.
impl Coded for Expr {
    fn write(&self, into: &mut Vec<u8>) {
        self.to_document().write(into);
    }

    fn read(from: &mut Reader<'_>) -> Result<Expr, Malformed> {
        Expr::from_document(&Value::read(from)?).map_err(|_| Malformed("an expression"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::field;

    fn comes_back(ddl: Ddl) {
        let mut bytes = Vec::new();
        ddl.write(&mut bytes);
        let mut reader = Reader::new(&bytes);
        assert_eq!(Ddl::read(&mut reader), Ok(ddl));
        assert!(reader.is_done());
        // No part of it can be left out.
        for length in 0..bytes.len() {
            assert!(Ddl::read(&mut Reader::new(&bytes[..length])).is_err());
        }
    }

    #[test]
    fn changes_of_definitions_come_back() {
        let kinds = [
            Kind::Any,
            Kind::Boolean,
            Kind::Integer(16),
            Kind::Float,
            Kind::Decimal(None),
            Kind::Decimal(Some((12, 2))),
            Kind::Text(None),
            Kind::Text(Some(255)),
            Kind::Binary,
            Kind::Uuid,
            Kind::Date,
            Kind::Time(0),
            Kind::NaiveDatetime(6),
            Kind::UtcDatetime(3),
            Kind::Json,
            Kind::List(Box::new(Kind::List(Box::new(Kind::Text(Some(3)))))),
        ];
        let mut definition = Definition::new(TableName::within(Some("blog"), "posts"))
            .column(Column::new("id", Kind::Integer(64)).sequence())
            .primary_key(["id"])
            .index(Index::new("posts_title_index", ["k0"]).unique().filter(field("k1").eq(true)))
            .foreign_key(
                ForeignKey::new("posts_author_id_fkey", ["k2"], "users", ["id"])
                    .on_delete(Action::Nilify(Some(vec!["k2".into()])))
                    .on_update(Action::Default(None)),
            )
            .check("positive", field("k2").gt(0).or(field("k3").is_nil()));
        for (at, kind) in kinds.into_iter().enumerate() {
            definition = definition.column(Column::new(format!("k{at}"), kind));
        }
        definition.columns[1].default = Default::Function("now".into());
        definition.columns[2].default = Default::Value(true.into());
        definition.comment = Some("what people write".into());
        comes_back(Ddl::CreateTable(definition));
        let change = ColumnChange {
            kind: Some((Kind::Text(None), Some("text".into()))),
            nullable: Some(false),
            default: Some(Default::Null),
        };
        comes_back(Ddl::ModifyColumn { table: "posts".into(), column: "title".into(), change });
        comes_back(Ddl::DropIndex { prefix: None, index: "posts_title_index".into() });
    }
}
