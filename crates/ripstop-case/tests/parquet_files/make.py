"""Parquet files as the usual programs write them, for tests/reading.rs. One row of demand, or one event, each.

Made with pandas 3.1.1, pyarrow 26.0.1, polars 2.1.0, duckdb 2.0.1 and fastparquet 2026.9.0: `python make.py`.
"""
import datetime, decimal, os

import duckdb, fastparquet, numpy as np, pandas as pd, polars as pl, pyarrow as pa, pyarrow.parquet as pq

os.chdir(os.path.dirname(os.path.abspath(__file__)))
demand = pd.DataFrame(dict(id=["d"], market=["m"], firm=["weave"], product=["cloth"], quantity_per_day=[80.0], price_usd_per_unit=[3.0]))
for codec in ["zstd", "gzip", "brotli", "lz4"]:
    demand.to_parquet(f"pandas-{codec}.parquet", compression=codec, index=False)
    pl.from_pandas(demand).write_parquet(f"polars-{codec}.parquet", compression=codec)
    duckdb.sql("select * from demand").write_parquet(f"duckdb-{codec}.parquet", compression=codec)
fastparquet.write("hadoop-lz4.parquet", demand, compression="LZ4", write_index=False)
demand.to_parquet("index.parquet", index=True)

table = pa.Table.from_pandas(demand, preserve_index=False).replace_schema_metadata()
def quantity(name, values, **how):
    pq.write_table(table.set_column(4, "quantity_per_day", values), f"{name}.parquet", **how)
quantity("decimal", pa.array([decimal.Decimal("80.00")], pa.decimal128(30, 2)))
quantity("decimal-in-32-bits", pa.array([decimal.Decimal("80.00")], pa.decimal128(9, 2)), store_decimal_as_integer=True)
quantity("unsigned", pa.array([80], pa.uint32()))
quantity("half", pa.array([np.float16(80)], pa.float16()))
quantity("dictionary", pa.array(["80"]).dictionary_encode())
quantity("large-string", pa.array(["80"], pa.large_string()))
quantity("struct", pa.array([{"x": 80.0}]))
quantity("struct-with-null", pa.array([None], pa.struct([("x", pa.float64())])))
quantity("list", pa.array([[80.0]]))
quantity("map", pa.array([[("a", 80.0)]], pa.map_(pa.string(), pa.float64())))
quantity("list-of-structs", pa.array([[{"x": 80.0}]]))
quantity("time", pa.array([datetime.time(1)]))
pq.write_table(table.append_column("season_from", pa.nulls(1)), "null-column.parquet")
pq.write_table(table.append_column("note", pa.array([["a"]])), "list-in-note.parquet")

def event(name, start, end, write=lambda frame, path: frame.to_parquet(path, index=False)):
    frame = pd.DataFrame(dict(id=["e"], kind=["capacity"], target=["line:spin/yarn"], value=[0.0], scenarios=["stop"]))
    frame["from"], frame["to"] = [start], [end]
    write(frame, f"event-{name}.parquet")
start, end = pd.Timestamp("2024-03-11").as_unit("ns"), pd.Timestamp("2024-03-20").as_unit("ns")
for unit in ["s", "us", "ns"]:
    event(unit, start.as_unit(unit), end.as_unit(unit))
for name, zone in [("utc", "UTC"), ("seoul", "Asia/Seoul"), ("new-york", "America/New_York"), ("offset", "+08:00")]:
    event(name, start.tz_localize(zone), end.tz_localize(zone))
event("int96", start, end, lambda frame, path: frame.to_parquet(path, index=False, use_deprecated_int96_timestamps=True))
event("fastparquet-seoul", start.tz_localize("Asia/Seoul"), end.tz_localize("Asia/Seoul"),
      lambda frame, path: fastparquet.write(path, frame, write_index=False))
event("polars-seoul", start.tz_localize("Asia/Seoul"), end.tz_localize("Asia/Seoul"), lambda frame, path: pl.from_pandas(frame).write_parquet(path))
event("duckdb", start, end, lambda frame, path: duckdb.sql('select * replace("from"::timestamp_ns as "from", "to"::date as "to") from frame').write_parquet(path))
event("text", "2024-03-11 00:00:00", "2024-03-20T00:00:00Z")
event("no-noon", start + pd.Timedelta(hours=12), end)
event("no-nanosecond", start + pd.Timedelta(1, "ns"), end)
event("no-midnight-in-seoul", start.tz_localize("UTC").tz_convert("Asia/Seoul"), end.tz_localize("UTC").tz_convert("Asia/Seoul"))

links = pd.DataFrame(dict(seller=[1.0, 2.0], buyer=[2.0, 1.0], value_per_day=[10.0, 5.0]))
links.to_parquet("links-float-ids.parquet", index=False)
links.assign(seller=[1.5, 2.0]).to_parquet("links-no-float-ids.parquet", index=False)
links.astype(dict(seller="uint32", buyer="uint32")).to_parquet("links-index.parquet", index=True)
duckdb.sql("select seller::int seller, buyer::int buyer, value_per_day::decimal(9,2) value_per_day from links").write_parquet("links-decimal.parquet")
links.to_parquet("links-zstd.parquet", compression="zstd", index=False)
