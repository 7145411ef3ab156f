//! Parquet, compressed with zstd. Row groups are encoded in parallel and written in order, so the
//! bytes do not depend on the number of threads.

use crate::batch::{Batch, Pointed, Values};
use crate::frames;
use crate::tables::Table;
use anyhow::Result;
use polars::prelude::*;
use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::{ArrowDataType, IntegerType};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter, ParquetType, StatisticsOptions, Version, WriteOptions,
    array_to_columns, compress, fallible_streaming_iterator, schema_to_metadata_key,
};
use std::fs::File;
use std::io::BufWriter;

const OPTIONS: WriteOptions = WriteOptions {
    statistics: StatisticsOptions { min_value: true, max_value: true, distinct_count: false, null_count: true, binary_statistics_truncate_length: None },
    version: Version::V1,
    compression: CompressionOptions::Zstd(None),
    data_page_size: None,
};

/// The compressed pages of some rows, column by column.
pub(super) type RowGroup = Vec<Vec<CompressedPage>>;

pub(super) struct Writer {
    file: FileWriter<BufWriter<File>>,
    /// The schema as readers other than polars see it.
    plain: ArrowSchema,
}

impl Writer {
    pub fn create(file: File, table: &Table) -> Result<Writer> {
        let frame = frames::empty(table)?;
        let schema = |level| frame.schema().to_arrow(level);
        let file = FileWriter::try_new(BufWriter::with_capacity(1 << 20, file), schema(CompatLevel::newest()), OPTIONS)?;
        // Polars would name its texts string_view, which pyarrow and pandas cannot compare with a string.
        Ok(Writer { file, plain: schema(CompatLevel::oldest()) })
    }

    /// The types of the columns.
    pub fn types(&self) -> Vec<ParquetType> {
        self.file.parquet_schema().fields().to_vec()
    }

    pub fn write(&mut self, height: usize, group: &RowGroup) -> Result<()> {
        if height == 0 {
            return Ok(());
        }
        Ok(self.file.write(height as u64, DynIter::new(group.iter().map(|column| Ok(stream(column)))))?)
    }

    pub fn finish(mut self) -> Result<File> {
        self.file.end(Some(vec![schema_to_metadata_key(&self.plain)]))?;
        Ok(self.file.into_inner().into_inner().map_err(|e| e.into_error())?)
    }
}

fn stream(pages: &[CompressedPage]) -> DynStreamingIterator<'_, CompressedPage, PolarsError> {
    DynStreamingIterator::new(fallible_streaming_iterator::convert(pages.iter().map(Ok)))
}

/// Encodes and compresses rows.
pub(super) fn encode(batch: &Batch, types: &[ParquetType]) -> Result<RowGroup> {
    let column = |(values, kind): (&Values, &ParquetType)| {
        let array = match values {
            Values::Pointed(texts) => dictionary(texts)?,
            Values::Plain(column) => column.as_materialized_series().rechunk().to_arrow(0, CompatLevel::newest()),
        };
        let pages = array_to_columns(array, kind.clone(), OPTIONS, &[Encoding::RleDictionary])?.into_iter().flatten();
        pages.map(|page| Ok(compress(page?, Vec::new(), OPTIONS.compression)?)).collect()
    };
    batch.columns.iter().zip(types).map(column).collect()
}

/// Texts with their numbers, as Parquet stores them.
fn dictionary(texts: &Pointed) -> Result<Box<dyn Array>> {
    let values = Utf8ViewArray::from_slice_values(&texts.texts).boxed();
    let there: Option<Bitmap> = texts.rows.contains(&0).then(|| texts.rows.iter().map(|n| *n > 0).collect());
    let keys = PrimitiveArray::from_vec(texts.rows.iter().map(|n| n.saturating_sub(1)).collect()).with_validity(there);
    let kind = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(values.dtype().clone()), false);
    Ok(DictionaryArray::<u32>::try_new(kind, keys, values)?.boxed())
}
