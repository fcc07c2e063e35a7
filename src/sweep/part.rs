//! A part: the rows of a range of designs, as one Parquet file.
//!
//! Columns: `design` (INT64), the variables and outputs (DOUBLE, or text where a variable
//! takes texts; null where there is no such figure), `status` (`ok` or `failed`) and
//! `reason`. The footer carries what the part belongs to and a hash of its columns'
//! content, which a reader computes again: a file that was cut or changed is found out.

use super::manifest::{ColumnInfo, Manifest};
use super::worker::Row;
use crate::results::{InputHash, Role, VERSION};
use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::sync::Arc;

/// Rows of a range of designs, column by column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// Number of every design.
    pub designs: Vec<u64>,
    /// Values of every column of the manifest.
    pub columns: Vec<Vec<f64>>,
    /// Why a design failed.
    pub reasons: Vec<Option<String>>,
}

/// Why a file is not the part it should be.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It is no Parquet file, or a broken one.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// It belongs to something else.
    #[error("it is {found}, not {wanted}")]
    Foreign {
        /// What it says it is.
        found: String,
        /// What it should be.
        wanted: String,
    },
    /// Its content is not what was written.
    #[error("its content has changed since it was written")]
    Changed,
}

impl From<ParquetError> for PartError {
    fn from(error: ParquetError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

const STATUS: [&str; 2] = ["ok", "failed"];
const CONTENT: &str = "thsim.content";
const PART_OF: &str = "thsim.part_of";
const COLUMNS: &str = "thsim.columns";

impl Part {
    /// Puts the rows of designs in their order together.
    pub(super) fn of(rows: Vec<(u64, Row)>, manifest: &Manifest) -> Self {
        let mut part = Self {
            columns: vec![Vec::with_capacity(rows.len()); manifest.columns.len()],
            ..Self::default()
        };
        for (design, row) in rows {
            part.designs.push(design);
            part.reasons.push(row.reason);
            for (column, value) in part.columns.iter_mut().zip(row.values) {
                column.push(value);
            }
        }
        part
    }

    /// How many designs failed.
    pub fn failed(&self) -> usize {
        self.reasons.iter().flatten().count()
    }

    /// Hash of the content of all columns.
    pub fn content(&self, manifest: &Manifest) -> String {
        let designs: Vec<f64> = self.designs.iter().map(|design| *design as f64).collect();
        let mut hash = InputHash::new().numbers("design", &designs);
        for (info, column) in manifest.columns.iter().zip(&self.columns) {
            // There is one NaN in a file: null.
            let numbers: Vec<f64> = column
                .iter()
                .map(|value| if value.is_nan() { f64::NAN } else { *value })
                .collect();
            hash = hash.numbers(&info.name, &numbers);
        }
        for reason in self.reasons.iter().flatten() {
            hash = hash.text("reason", reason);
        }
        hash.finish()
    }

    /// The file of a part.
    pub(super) fn to_bytes(&self, manifest: &Manifest, part: u64) -> ParquetResult<Vec<u8>> {
        let columns = serde_json::to_string(&manifest.columns).unwrap_or_default();
        let entries = [
            (PART_OF, part_of(manifest, part)),
            (CONTENT, self.content(manifest)),
            (COLUMNS, columns),
        ];
        let entries = entries.map(|(key, value)| KeyValue::new(key.to_owned(), value));
        write(self, manifest, entries.to_vec())
    }

    /// Reads the file of a part and checks that it is whole.
    ///
    /// # Errors
    /// A file that is broken, of another sweep or part, or whose content has changed.
    pub fn from_bytes(bytes: Vec<u8>, manifest: &Manifest, part: u64) -> Result<Self, PartError> {
        let reader = SerializedFileReader::new(Bytes::from(bytes))?;
        let entries = reader.metadata().file_metadata().key_value_metadata();
        let entry = |key: &str| {
            let found = entries?.iter().find(|entry| entry.key == key)?;
            found.value.clone()
        };
        let wanted = part_of(manifest, part);
        let found = entry(PART_OF).unwrap_or_else(|| "a file of another program".to_owned());
        if found != wanted {
            return Err(PartError::Foreign { found, wanted });
        }
        let mut read = Self::default();
        for group in 0..reader.num_row_groups() {
            read.append(reader.get_row_group(group)?.as_ref(), manifest)?;
        }
        if entry(CONTENT) == Some(read.content(manifest)) {
            Ok(read)
        } else {
            Err(PartError::Changed)
        }
    }

    fn append(&mut self, group: &dyn RowGroupReader, manifest: &Manifest) -> Result<(), PartError> {
        let designs = values::<Int64Type>(group, 0)?;
        let count = designs.len();
        self.designs
            .extend(designs.into_iter().flatten().map(i64::cast_unsigned));
        self.columns.resize(manifest.columns.len(), Vec::new());
        for (at, (info, column)) in manifest.columns.iter().zip(&mut self.columns).enumerate() {
            if info.levels.is_empty() {
                let numbers = values::<DoubleType>(group, at + 1)?;
                column.extend(numbers.into_iter().map(|it| it.unwrap_or(f64::NAN)));
            } else {
                let texts = values::<ByteArrayType>(group, at + 1)?;
                column.extend(texts.into_iter().map(|text| level(info, text.as_ref())));
            }
        }
        let reasons = values::<ByteArrayType>(group, manifest.columns.len() + 2)?;
        let reason = |text: ByteArray| String::from_utf8_lossy(text.data()).into_owned();
        self.reasons
            .extend(reasons.into_iter().map(|text| text.map(reason)));
        let even = self
            .columns
            .iter()
            .all(|column| column.len() == self.designs.len())
            && self.reasons.len() == self.designs.len()
            && count <= self.designs.len();
        if even {
            Ok(())
        } else {
            Err(PartError::Changed)
        }
    }
}

/// What a part says it belongs to.
fn part_of(manifest: &Manifest, part: u64) -> String {
    format!("part {part} of {}", manifest.hash)
}

/// Number of the level that a text names.
fn level(info: &ColumnInfo, text: Option<&ByteArray>) -> f64 {
    let found = text.and_then(|text| {
        let mut levels = info.levels.iter();
        levels.position(|level| level.as_bytes() == text.data())
    });
    found.map_or(f64::NAN, |level| level as f64)
}

fn field(name: &str, physical: Physical, repetition: Repetition) -> ParquetResult<Arc<Type>> {
    let builder = Type::primitive_type_builder(name, physical).with_repetition(repetition);
    let builder = match physical {
        Physical::BYTE_ARRAY => builder.with_logical_type(Some(LogicalType::String)),
        _ => builder,
    };
    Ok(Arc::new(builder.build()?))
}

fn schema(columns: &[ColumnInfo]) -> ParquetResult<Arc<Type>> {
    let mut fields = vec![field("design", Physical::INT64, Repetition::REQUIRED)?];
    for info in columns {
        let repetition = match info.role {
            Role::Output => Repetition::OPTIONAL,
            Role::Axis { .. } | Role::Bound => Repetition::REQUIRED,
        };
        let physical = if info.levels.is_empty() {
            Physical::DOUBLE
        } else {
            Physical::BYTE_ARRAY
        };
        fields.push(field(&info.name, physical, repetition)?);
    }
    fields.push(field("status", Physical::BYTE_ARRAY, Repetition::REQUIRED)?);
    fields.push(field("reason", Physical::BYTE_ARRAY, Repetition::OPTIONAL)?);
    let schema = Type::group_type_builder("sweep").with_fields(fields);
    Ok(Arc::new(schema.build()?))
}

fn write(part: &Part, manifest: &Manifest, entries: Vec<KeyValue>) -> ParquetResult<Vec<u8>> {
    let properties = WriterProperties::builder()
        .set_created_by(format!("thsim {VERSION}"))
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(entries))
        .build();
    let schema = schema(&manifest.columns)?;
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    let designs = part.designs.iter().map(|design| design.cast_signed());
    column::<Int64Type>(&mut group, &designs.collect::<Vec<_>>(), None)?;
    for (info, values) in manifest.columns.iter().zip(&part.columns) {
        if !info.levels.is_empty() {
            let texts = values.iter().map(|value| {
                let text = info.levels.get(*value as usize);
                ByteArray::from(text.map_or("", String::as_str))
            });
            column::<ByteArrayType>(&mut group, &texts.collect::<Vec<_>>(), None)?;
        } else if info.role == Role::Output {
            let present: Vec<f64> = values.iter().copied().filter(|it| !it.is_nan()).collect();
            let defined: Vec<i16> = values.iter().map(|it| i16::from(!it.is_nan())).collect();
            column::<DoubleType>(&mut group, &present, Some(&defined))?;
        } else {
            column::<DoubleType>(&mut group, values, None)?;
        }
    }
    let status = part.reasons.iter().map(|reason| {
        let failed = usize::from(reason.is_some());
        ByteArray::from(STATUS[failed])
    });
    column::<ByteArrayType>(&mut group, &status.collect::<Vec<_>>(), None)?;
    let reasons = part.reasons.iter().flatten();
    let reasons: Vec<ByteArray> = reasons.map(|text| ByteArray::from(text.as_str())).collect();
    let defined: Vec<i16> = part
        .reasons
        .iter()
        .map(|it| i16::from(it.is_some()))
        .collect();
    column::<ByteArrayType>(&mut group, &reasons, Some(&defined))?;
    group.close()?;
    writer.into_inner()
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    defined: Option<&[i16]>,
) -> ParquetResult<()> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("a column too many".to_owned()));
    };
    column.typed::<T>().write_batch(values, defined, None)?;
    column.close()
}

/// All values of a column; none where they are null.
fn values<T: DataType>(group: &dyn RowGroupReader, at: usize) -> ParquetResult<Vec<Option<T::T>>> {
    let rows = group.metadata().num_rows() as usize;
    let description = group.metadata().schema_descr();
    if at >= description.num_columns()
        || description.column(at).physical_type() != T::get_physical_type()
    {
        return Err(ParquetError::General(format!(
            "column {at} is of another kind"
        )));
    }
    let optional = description.column(at).max_def_level() > 0;
    let mut reader = get_typed_column_reader::<T>(group.get_column_reader(at)?);
    let (mut present, mut defined) = (Vec::new(), Vec::new());
    let mut read = 0;
    while read < rows {
        let levels = optional.then_some(&mut defined);
        let (records, _, _) = reader.read_records(rows - read, levels, None, &mut present)?;
        if records == 0 {
            return Err(ParquetError::EOF(format!("column {at} ends early")));
        }
        read += records;
    }
    if !optional {
        return Ok(present.into_iter().map(Some).collect());
    }
    let mut present = present.into_iter();
    Ok(defined
        .into_iter()
        .map(|level| if level > 0 { present.next() } else { None })
        .collect())
}
