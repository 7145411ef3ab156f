//! Parquet, compressed with zstd. Row groups are encoded in parallel and written in order, so the
//! bytes do not depend on the number of threads.

use crate::frames;
use crate::tables::Table;
use anyhow::Result;
use polars::io::parquet::write::{BatchedWriter, KeyValueMetadata, RowGroupIterColumns};
use polars::prelude::*;
use polars_parquet::write::schema_to_metadata_key;
use std::fs::File;
use std::io::BufWriter;

type Encoded = Vec<RowGroupIterColumns<'static, PolarsError>>;

pub(super) struct Writer {
    batched: BatchedWriter<BufWriter<File>>,
    file: File,
}

impl Writer {
    pub fn create(file: File, table: &Table) -> Result<Writer> {
        let schema = frames::empty(table)?.schema().clone();
        let writer = ParquetWriter::new(BufWriter::with_capacity(1 << 20, file.try_clone()?)).with_compression(ParquetCompression::Zstd(None));
        // Polars would name its texts string_view, which pyarrow and pandas cannot compare with a string.
        let plain = KeyValueMetadata::Static(vec![schema_to_metadata_key(&schema.to_arrow(CompatLevel::oldest()))]);
        let writer = writer.with_key_value_metadata(Some(plain));
        Ok(Writer { batched: writer.set_parallel(false).batched(&schema)?, file })
    }

    pub fn encode(&self, frame: &DataFrame) -> Result<Encoded> {
        Ok(self.batched.encode_and_compress(frame).collect::<PolarsResult<Encoded>>()?)
    }

    pub fn write(&self, groups: Encoded) -> Result<()> {
        Ok(self.batched.write_row_groups(groups)?)
    }

    pub fn finish(self) -> Result<File> {
        // This flushes the buffer as well.
        self.batched.finish()?;
        Ok(self.file)
    }
}
