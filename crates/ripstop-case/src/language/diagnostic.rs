//! Problems in a case: what, where, what was probably meant and how to mend it.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A place in a file of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// File, relative to the case folder.
    pub file: Arc<Path>,
    /// Line, 1-based.
    pub line: usize,
    /// Byte in the line, 1-based; a byte order mark does not count.
    pub column: usize,
    /// Length in bytes.
    pub length: usize,
    /// Name of the column, in a file that has no lines (Parquet): then `line` is the row and `column` the column's number.
    pub field: Option<Arc<str>>,
}

/// Whether a case with the problem can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, but probably says something else than was meant.
    Warning,
}

macro_rules! codes {
    ($($variant:ident $id:literal $name:literal $about:literal $fix:literal;)*) => {
        /// What kind of problem, with a stable id.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $about] $variant,)* }

        impl Code {
            /// Every code, in order.
            pub fn all() -> &'static [Code] { &[$(Code::$variant,)*] }

            /// Stable id, such as `RS-E012`.
            pub fn id(self) -> &'static str { match self { $(Code::$variant => $id,)* } }

            /// Name in kebab-case.
            pub fn name(self) -> &'static str { match self { $(Code::$variant => $name,)* } }

            /// What it means, in a line.
            pub fn about(self) -> &'static str { match self { $(Code::$variant => $about,)* } }

            /// How it is mended, where the place itself says no more.
            pub fn fix(self) -> &'static str { match self { $(Code::$variant => $fix,)* } }
        }
    };
}

codes! {
    MissingFile "RS-E001" "missing-file" "A file that every case needs is not there." "add the file, or start from a copy of a case that works";
    UnreadableFile "RS-E002" "unreadable-file" "A file cannot be read." "make it readable, or remove it";
    NotUtf8 "RS-E003" "not-utf8" "A file is not UTF-8 text." "save it as UTF-8 (\"CSV UTF-8\" in a spreadsheet)";
    WrongSeparator "RS-E004" "wrong-separator" "A table's header does not say what separates its cells, or something else than commas, semicolons and tabs does." "save it with commas between cells; `;` separates the items of a list";
    TomlSyntax "RS-E005" "toml-syntax" "A TOML file cannot be parsed." "mend the syntax at this place";
    UnknownKey "RS-E006" "unknown-key" "A TOML key has no meaning here." "correct or remove the key";
    MissingKey "RS-E007" "missing-key" "A required TOML key is missing." "add the key";
    WrongType "RS-E008" "wrong-type" "A TOML value has the wrong type." "write a value of the type named";
    UnknownColumn "RS-E009" "unknown-column" "A column has no meaning in its table." "correct or remove the column; free text goes into `note`";
    DuplicateColumn "RS-E010" "duplicate-column" "A column stands twice in the header." "keep one of them";
    MissingColumn "RS-E011" "missing-column" "A required column is missing." "add the column to the header and to every row";
    WrongCellCount "RS-E012" "wrong-cell-count" "A row has more or fewer cells than the header." "give the row one cell for each column; quote cells that contain a comma";
    MissingCell "RS-E013" "missing-cell" "A required cell is blank." "fill in the cell";
    BadId "RS-E014" "bad-id" "An id contains `,`, `;`, `&`, `$`, a line break, or a character that is not seen or turns what follows around." "use letters, digits, `_`, `.` and `-`";
    DuplicateId "RS-E015" "duplicate-id" "Two rows have the same id." "rename or remove one of the rows";
    UnknownId "RS-E016" "unknown-id" "An id names no row of the table it refers to." "correct the id, or add the row";
    NotANumber "RS-E017" "not-a-number" "A cell is not a number." "write a number such as 1250.5, without separators and units";
    NotFinite "RS-E018" "not-finite" "A number is infinite or not a number, perhaps by a division by zero." "write a finite number; `none` means no limit where a column allows it";
    BelowMinimum "RS-E019" "below-minimum" "A value is smaller than its column allows." "correct the value";
    AboveMaximum "RS-E020" "above-maximum" "A value is larger than its column allows." "correct the value";
    NotWhole "RS-E021" "not-whole" "A value that counts something is not a whole number." "write a whole number";
    NotADate "RS-E022" "not-a-date" "A cell is not a date." "write the date as YYYY-MM-DD";
    NotAMonthDay "RS-E023" "not-a-month-day" "A cell is not a day of the year." "write the day as MM-DD, such as 09-10";
    DateOutsideCase "RS-E024" "date-outside-case" "A date that a result depends on lies outside the case." "move the date between `start` and `end` of case.toml, or widen the case";
    UnknownWord "RS-E025" "unknown-word" "A cell holds none of the words its column knows." "use one of the words listed";
    NotACountry "RS-E026" "not-a-country" "A cell is not a country code." "write two capital letters, ISO 3166-1 alpha-2, such as KP";
    BadExpression "RS-E027" "bad-expression" "An expression cannot be read." "use numbers, `$parameter`, + - * / and parentheses";
    UnknownParameter "RS-E028" "unknown-parameter" "A `$name` is not a parameter." "correct the name, or add it to parameters.csv";
    ParameterCycle "RS-E029" "parameter-cycle" "Parameters are defined by one another." "give one of them a number";
    WrongParameter "RS-E030" "wrong-parameter" "A parameter of one unit stands where another is read (date, choice or number)." "use a parameter of the right unit";
    RangeReversed "RS-E031" "range-reversed" "A low end lies above its high end." "swap low and high";
    OutsideRange "RS-E032" "outside-range" "A value lies outside its own range." "widen the range or correct the value";
    HalfRange "RS-E033" "half-range" "A range has only one end." "give both low and high";
    RangeNotAllowed "RS-E034" "range-not-allowed" "A range stands on a value that is derived, blank, `none` or a word." "give a plain number or date; a range of a formula belongs to the parameters it uses";
    AssumedWithoutRange "RS-E035" "assumed-without-range" "An assumed parameter has no range." "give low and high: how far off might it be?";
    BadSelector "RS-E036" "bad-selector" "A selector cannot be read." "write kind:id, `&` for both, `;` for either: `place:sinuiju & sector:garments`";
    WrongTarget "RS-E037" "wrong-target" "A selector names something that its event or measure cannot act on." "name a target of the right kind";
    UnknownScenario "RS-E038" "unknown-scenario" "A scenario is not defined in case.toml." "correct the name, or add [scenarios.NAME]";
    DatesReversed "RS-E039" "dates-reversed" "A last day lies before its first day." "swap the dates";
    UnreachableBuyer "RS-E040" "unreachable-buyer" "A contract's route does not lead from the one firm's place to the other's." "choose a route that starts and ends at the firms' places";
    MissingRoute "RS-E041" "missing-route" "Goods go to another country without a route." "give the route, so that it is known which crossing they pass";
    BrokenRoute "RS-E042" "broken-route" "The legs of a route do not join up, or take less than a day." "number the legs 1, 2, ...; each starts where the one before ends; at least a day in all";
    CrossingOffRoute "RS-E043" "crossing-off-route" "A leg passes a crossing but does not lead from one side's country to the other's." "move the crossing to the leg that leads over the border";
    InputNobodySells "RS-E044" "input-nobody-sells" "A firm needs an input that it buys from nobody." "add a contract that supplies the input";
    WhichLineTakes "RS-E134" "which-line-takes" "A firm has several lines without a recipe, so it cannot be told which of them takes what the firm buys." "say in recipes.csv what a unit of each product takes; a line that takes none of it needs no row once the others have theirs";
    NothingToCut "RS-E135" "nothing-to-cut" "An event takes a share of the capacity of a line that has neither a capacity nor a steady output, a season or order lines of which a share could be taken." "give the line `capacity_per_day` in lines.csv, or remove the event";
    NoSuchLine "RS-E045" "no-such-line" "A firm is to deliver a product it has no line for." "add the firm and product to lines.csv";
    ClaimIsInput "RS-E046" "claim-is-input" "A statement that an outcome claim or an observation rests on is also the source of an input: the model would be told what it is to show." "rest the input on another statement, or make the claim a premise";
    MissingForKind "RS-E047" "missing-for-kind" "A cell is needed because of what another cell of the row says." "fill in the cell";
    NotForKind "RS-E048" "not-for-kind" "A cell has no meaning because of what another cell of the row says." "blank the cell";
    SteadyWithSchedule "RS-E049" "steady-with-schedule" "A case with schedule orders cannot start in steady state." "set start_state = \"empty\" in [settings] of case.toml";
    MissingBound "RS-E050" "missing-bound" "A claim's condition has no bound." "add at_least, at_most, above or below";
    CannotCompare "RS-E051" "cannot-compare" "An observation asks for a comparison that cannot be made." "give what the message names, or set `compare` to none and say why in `note`";
    MissingWeight "RS-E060" "missing-weight" "A product passes a limit in tonnes but has no weight." "give `kg_per_unit` in products.csv; 0 if it takes no room";
    NoDayAtLimit "RS-E061" "no-day-at-limit" "A leg that begins with a limit in tonnes takes less than a day." "give the leg a day at least: what waits at a limit passes it in the evening";
    TwoLimits "RS-E062" "two-limits" "A leg has `tonnes_per_day` of its own and begins at a crossing of mode capacity." "split the leg, or keep one of the limits";
    TrafficWithoutLimit "RS-E063" "traffic-without-limit" "Other traffic is given for a crossing whose tonnes a day are not limited." "give the crossing mode capacity and tonnes_per_day, or remove the row";
    UnknownCurrency "RS-E064" "unknown-currency" "A currency has no exchange rate." "correct the name, or add the currency to exchange_rates.csv";
    OwnCurrency "RS-E065" "own-currency" "An exchange rate, or an event on one, is about the case's own currency." "state the other currencies' values in it";
    GivenTwice "RS-E066" "given-twice" "An amount is given both in the row's currency and in the case's." "keep one of the two cells";
    StandbyOrdersOtherwise "RS-E067" "standby-orders-otherwise" "A contract stands by for one that orders in another way." "give both terms of the same ordering: restock stands by for restock, schedule for schedule";
    AmbiguousNumber "RS-E070" "ambiguous-number" "A number can be read in two ways, and nothing else in the file says which is meant: `1,500` is 1500 or 1.5." "write it with a decimal point and without separators: 1500 or 1.5";
    AmbiguousDate "RS-E071" "ambiguous-date" "A date can be read in two ways, and no other date of its column says whether the day or the month stands first." "write the dates as YYYY-MM-DD";
    MixedStyles "RS-E072" "mixed-styles" "A file has numbers with decimal commas and with decimal points, or a column has dates with the day first and with the month first." "write them all in one way, best as 1250.5 and YYYY-MM-DD";
    SerialDate "RS-E073" "serial-date" "A cell holds a spreadsheet's number of a day instead of a date." "format the column as a date YYYY-MM-DD in the spreadsheet and save again";
    SpreadsheetError "RS-E074" "spreadsheet-error" "A cell holds the error value of a spreadsheet's formula, such as #N/A or #REF!." "mend the formula in the spreadsheet, or fill in or blank the cell";
    NotText "RS-E075" "not-text" "A file holds NUL characters: it is no text, or UTF-16 without a byte order mark." "save it as UTF-8 (\"CSV UTF-8\" in a spreadsheet)";
    FileTooLarge "RS-E076" "file-too-large" "A file is larger than ripstop reads." "split the case, or save the table as Parquet";
    TooManyRows "RS-E077" "too-many-rows" "A table has more rows than ripstop reads." "leave out rows, or sum up small ones";
    LineTooLong "RS-E078" "line-too-long" "A line is longer than ripstop reads: perhaps a line break or a quotation mark is missing." "break the line, or close the quote";
    CellTooLong "RS-E079" "cell-too-long" "A cell is longer than ripstop reads: perhaps a quotation mark is not closed." "close the quote, or shorten the text";
    TooManyColumns "RS-E088" "too-many-columns" "A table has more columns than ripstop reads." "remove the columns that ripstop does not know";
    TwoFiles "RS-E089" "two-files" "A table is there as CSV and as Parquet." "remove one of the two files";
    BadParquet "RS-E090" "bad-parquet" "A Parquet file cannot be read." "write it anew, uncompressed or with snappy compression";
    ParquetType "RS-E091" "parquet-type" "A Parquet column has a type that no column of a case is read from." "write it as text, whole numbers, floating-point numbers, dates or booleans";
    CaseTooLong "RS-E080" "case-too-long" "The case has more days than a run can have." "move `start` or `end` of case.toml";
    RouteReturns "RS-E081" "route-returns" "A route comes back to a place it has left." "take the detour out, or make two routes of it";
    OrderNotScheduled "RS-E082" "order-not-scheduled" "An order line belongs to a contract that does not order by schedule." "give the contract terms with ordering = schedule, or remove the order line";
    SellsToItself "RS-E083" "sells-to-itself" "Seller and buyer of a contract are the same firm." "name the other party, or remove the contract: what a firm makes for its own use needs none";
    NobodyToWork "RS-E084" "nobody-to-work" "A line takes labour, but its firm has no workers: it would never make anything." "give the firm `workers` in firms.csv, or blank `labour_days_per_unit`";
    SeasonEndsFirst "RS-E085" "season-ends-first" "The season of an order ends before the first goods can arrive." "order earlier, take a faster route, or correct the dates";
    NoSteadyState "RS-E086" "no-steady-state" "Products need more of each other than is made of them, so no steady start exists." "lower a quantity in recipes.csv, or start with start_state = \"empty\" in [settings] of case.toml";
    CannotSimulate "RS-E087" "cannot-simulate" "A value is fine where it stands, but the model cannot run with it." "narrow a range or correct a formula";
    BadGoodsCode "RS-E110" "bad-goods-code" "A code of goods cannot be read, or lies in no chapter of the Harmonized System." "write 2, 4, 6, 8 or 10 digits of a chapter from 01 to 97, such as 6201";
    UnknownGoodsCode "RS-E111" "unknown-goods-code" "A code of goods is not in the table of codes that the case brings." "correct the code, or add it to rules/hs.csv";
    UnknownVintage "RS-E112" "unknown-vintage" "The edition of a code of goods is not known, or sets of different editions stand together." "use one of HS1996, HS2002, HS2007, HS2012, HS2017 and HS2022, one edition a rule";
    BadInstant "RS-E113" "bad-instant" "A moment of the law lacks its date, its hour or its offset from UTC." "write it like 2017-12-11T00:00:00+08:00; a day alone could begin at any of many moments";
    LawInBehaviour "RS-E114" "law-in-behaviour" "A file of behaviour says what the law is." "move it into a file of the folder rules/";
    BehaviourInLaw "RS-E115" "behaviour-in-law" "A law file says how actors respond." "move it into a file of the folder behaviour/";
    ContradictoryDates "RS-E116" "contradictory-dates" "The dates of a rule contradict each other." "correct the dates: adopted, then in force, then the ends of exemptions and of the rule";
    UnknownRule "RS-E117" "unknown-rule" "There is no rule of that name." "correct the name; `ripstop rules list` shows those that come with ripstop";
    UnknownBehaviour "RS-E118" "unknown-behaviour" "There is no file of behaviour of that name." "correct the name, or add the file to the folder behaviour/";
    RuleAsksNothing "RS-E119" "rule-asks-nothing" "A rule has no test, so that it would hold for everything." "give it [[rule.when]] with one of the five tests";
    BadFact "RS-E120" "bad-fact" "A fact that rules look at cannot be read: a day of signing, an offset, an hour, a list of nationalities." "write it like the example in the reference";
    TooManyWords "RS-E121" "too-many-words" "The rules in force look for more than 64 different tags or papers." "use fewer, or judge in two runs";
    ForeignFolder "RS-E100" "foreign-folder" "Where a run or its checkpoint is to stand there is something else." "name another --out, or move it away yourself";
    OutputNotWritten "RS-E101" "output-not-written" "The run folder cannot be written; an earlier run in its place is as it was." "make room or give write permission, or name another --out";
    CheckpointNotWritten "RS-E102" "checkpoint-not-written" "A checkpoint cannot be written or read." "make room or give write permission beside the run folder";
    CheckpointDamaged "RS-E103" "checkpoint-damaged" "A checkpoint is not what was written, or was written by another build." "run without --resume to begin anew";
    CheckpointOfAnotherRun "RS-E104" "checkpoint-of-another-run" "A checkpoint was made from other inputs, or by another version." "restore what it was made from, or run without --resume to begin anew";
    NotARun "RS-E105" "not-a-run" "A folder is no run of ripstop, or its manifest cannot be read." "name a folder with a manifest.json that `ripstop run` wrote";
    InputsChanged "RS-E106" "inputs-changed" "The inputs are not those the run was made from." "restore the files named, or run the case anew";
    NotReproduced "RS-E107" "not-reproduced" "The same inputs gave another result." "use the version of ripstop named in the manifest; if it is the same, please report it";
    NoInputs "RS-E108" "no-inputs" "The run folder holds no copy of its inputs, and its case folder is not there." "name the folder of the case with --case";
    UnclosedQuote "RS-E130" "unclosed-quote" "A quotation mark opens a cell and is never closed, so that nothing after it can be told apart." "close the quote at the end of its cell, or remove it; a quotation mark inside a quoted cell is written twice";
    FileNameCase "RS-E131" "file-name-case" "A file would be read if its name were written in small letters." "rename the file to the name suggested";
    RowCommentedOut "RS-E132" "row-commented-out" "A row begins with the mark of a remark (#, //, --): tables have remarks only before their header." "delete the row, or move it into a file that is not read; put a name that really begins so into quotes";
    FirmWithoutSector "RS-E092" "firm-without-sector" "A firm of links has no sector, so nobody knows what it makes." "give its `sector` in firms";
    SellsNothing "RS-E093" "sells-nothing" "A firm buys by links but sells nothing, so its purchases belong to no output." "give it `final_demand_per_day` or `output_per_day`, or links in which it sells";
    TableMalformed "RS-E094" "table-malformed" "An input–output table cannot be read." "see docs/national.md for the form: industries in rows and columns in the same order, then final demand, then `output`";
    TableUnbalanced "RS-E095" "table-unbalanced" "A row or column of an input–output table does not add up to its output." "use a balanced table, or balance this one (RAS)";
    CannotGenerate "RS-E096" "cannot-generate" "A network as asked for does not exist." "ask for more links or firms, or for milder tails";
    ForeignFile "RS-E136" "foreign-file" "A file that is to be written is there already and is no page of ripstop, or is a link, a device or a folder: it is not replaced." "name another file, or move it away yourself";
    PlaceTaken "RS-E137" "place-taken" "Another run is writing to the same folder." "wait until it has ended, or name another --out";
    LikeCircle "RS-E138" "like-circle" "A scenario is like itself, by way of the scenarios it is like." "leave `like` out of one of them";
    NotSettled "RS-E139" "not-settled" "A settled start is asked for, but output still moves after the longest time allowed." "raise `settle_tolerance_share` or `settle_max_days` in case.toml, or ask for a warm-up of your own length";
    SharesDoNotBind "RS-E140" "shares-do-not-bind" "Something takes over what a seller fails to bring, or shares are to bind, where they do not: with links, with compat, with plan = realised or shares = published the others take over by themselves." "set shares = \"bind\" in [settings] of case.toml where no published model is followed, or leave out switch_share and switches.csv";
    UnusedParameter "RS-W001" "unused-parameter" "No cell uses the parameter." "use or remove it";
    OutsideCase "RS-W002" "outside-case" "An event or order lies outside the case and does nothing." "correct the date, or remove the row";
    PlanRealised "RS-W003" "plan-realised" "With plan = realised a full stop is permanent: a firm that made nothing yesterday orders nothing today." "use plan = \"demand\" unless a published model is to be reproduced";
    UnknownFile "RS-W004" "unknown-file" "A table in the folder is not one ripstop reads." "rename it, or move it into a sub-folder";
    UnknownClass "RS-W005" "unknown-class" "No product and no terms have the class, so nothing is touched." "use a class of products.csv or terms.csv, or `persons`";
    SourcedWithoutSource "RS-W006" "sourced-without-source" "A row says it is sourced but names no source." "name the statement in `source`, or set basis to inferred or assumed";
    NoOtherTraffic "RS-W020" "no-other-traffic" "A crossing of mode capacity is partly open, but no other traffic shares it: nearly shut may then be fully open." "give the other traffic in traffic.csv";
    NobodyStandsBy "RS-W021" "nobody-stands-by" "Orders are to move, but no contract takes them over." "give another contract of the buyer for the product a `standby_share`";
    StandsByForNobody "RS-W022" "stands-by-for-nobody" "A contract is to take over orders, but none move." "give the terms of the buyer's other contracts for the product a `moves_share`";
    SpoilsAtOnce "RS-W023" "spoils-at-once" "Goods spoil within a day." "write the share as a fraction: 1 % is 0.01";
    SameRoute "RS-W024" "same-route" "An alternative route is tried already: it is the route itself, or named before." "remove it, or name another route";
    ReadOtherwise "RS-W030" "read-otherwise" "A file is not written as plain UTF-8 CSV with decimal points and ISO dates, but could be read without a doubt." "nothing needs mending; check the examples named";
    ProblemsLeftOut "RS-W031" "problems-left-out" "A file has so many problems that only the first are named." "mend those named and run `check` again";
    ValueVanishes "RS-W040" "value-vanishes" "A product is worth less than what goes into it." "check `value_usd_per_unit` of the product and of its inputs, and the quantities in recipes.csv";
    PricedBelowCost "RS-W041" "priced-below-cost" "A price does not cover the inputs, or a fee does not cover the wages, of what is delivered." "check price, recipe and wage: is each per unit, and in the currency its column or row names?";
    SameRowTwice "RS-W042" "same-row-twice" "Two rows say the same under different ids." "remove one of them, or say in its cells how they differ";
    VolumeOutOfReach "RS-W043" "volume-out-of-reach" "Without any event a line, a firm, a leg or a crossing can never make or carry all that is ordered: capacity, labour or tonnes are too low." "raise capacity, workers or tonnes, or order less";
    ResultsBeforeEvents "RS-W044" "results-before-events" "Results are read before any event of the scenario begins, so they show no loss." "move `as_of` in case.toml after the events";
    OrderTooLarge "RS-W045" "order-too-large" "An order is larger than what can be made between its start and its due date." "split it, let it start earlier (`input_window_days`, `purchase_lead_days`), or raise the capacity";
    SeasonTooShort "RS-W046" "season-too-short" "The season of an order ends before all of it can be made and arrive." "order less or earlier, or take a faster route";
    ArrivesAfterCase "RS-W047" "arrives-after-case" "An order is due within the case, but nothing of it can arrive before the case ends." "move `end` in case.toml, or shorten the way";
    NeverPaid "RS-W048" "never-paid" "A firm pays wages, but nothing it delivers has a price." "give its contracts `price_usd_per_unit` (for processing: the fee)";
    NeverOrdered "RS-W049" "never-ordered" "A contract or a line never gets an order." "give it orders, a calendar or a buyer that needs the product, or remove it";
    NothingToProcess "RS-W050" "nothing-to-process" "A processing contract has no input that the client sends." "add the inputs to recipes.csv with supplied_by = client, or make the contract a sale";
    SharesOff "RS-W051" "shares-off" "Shares that belong together do not add up to 1." "correct the shares: together they are the whole need, or the whole year";
    EventWithoutEffect "RS-W052" "event-without-effect" "An event touches nothing, or changes nothing." "correct its target or its value, or remove it";
    UnusedSetting "RS-W053" "unused-setting" "A setting has no effect in this case." "remove it, or add what it acts on";
    ScenarioWithoutEvents "RS-W054" "scenario-without-events" "Nothing happens in a scenario: no event names it and it sets no parameter." "name it in the column `scenarios` of events.csv; a baseline says in `about` that nothing is to happen";
    UnusedRow "RS-W055" "unused-row" "Nothing refers to a row." "use it, or remove it";
    UncitedSource "RS-W056" "uncited-source" "No row and no claim cites a source." "cite it in a column `source`, or remove it";
    UngradedSource "RS-W057" "ungraded-source" "A source has no grade." "give A (official or several outlets), B (one outlet) or C (one anonymous source)";
    AssumedRowWithoutRange "RS-W058" "assumed-row-without-range" "A row is assumed, but none of its numbers has a range." "give `<column>_low` and `<column>_high`, or put the number into parameters.csv with low and high";
    UnitDiffers "RS-W059" "unit-differs" "A parameter in one unit stands where another unit is read; nothing is converted." "convert it in the cell (`$months * 30`), or correct the unit in parameters.csv";
    PriceFarFromValue "RS-W080" "price-far-from-value" "In the case's currency a contract's price is more than 20 times the value of the product, or less than a twentieth." "check the price's currency and unit, and the rate: exchange_rates.csv says what one unit of the other currency is worth in the case's";
    BorderWithoutCrossing "RS-W081" "border-without-crossing" "A leg leads from one country to another, but passes no crossing, so no event can shut it; and there is a crossing between the two, or no crossing in the whole case." "add the crossing to crossings.csv and name it in `crossing`, or allow the warning where the border is no matter of the case";
    StartsBeforeCase "RS-W082" "starts-before-case" "An event of a scenario starts before the case: no day shows how it was without it." "let the event start within the case, let the case start earlier, or name the event background";
    ClaimWithoutTest "RS-W083" "claim-without-test" "An outcome that is claimed has no condition, so no run is held to it." "add `holds_when` with a measure and a bound, or make the claim a premise";
    RotsInStore "RS-W084" "rots-in-store" "A stock of perishable goods is larger than what keeps: most of it spoils before it is used." "lower `stock_days` of the terms, or `spoilage_share_per_day` of the product: 1 % is 0.01";
    SeasonAlmostAYear "RS-W085" "season-almost-a-year" "A season goes over the end of the year and lasts more than 300 days: its two days may be swapped." "swap the two days, or blank both if it lasts all year";
    NoContracts "RS-W086" "no-contracts" "There are firms, but no contracts: nobody delivers to anybody." "add contracts.csv with a row for each pair of firms that trade";
    NameLikeRemark "RS-W087" "name-like-remark" "A row is read whose first cell begins with the mark of a remark (#, //, --)." "rename it, or delete the row if it is to be left out";
    FormulaWithoutParameter "RS-W088" "formula-without-parameter" "A cell holds arithmetic without a parameter; a date, a range or a number of a spreadsheet may look like that." "write the number it comes to, or put its parts into parameters.csv";
    PriceTaken "RS-W089" "price-taken" "Goods are sold without a price, and the product has no value either: what they are counted at was taken from elsewhere." "give the contract or the demand a price, or the product `value_usd_per_unit`";
    SizeDoubtful "RS-W090" "size-doubtful" "A number is allowed, but of an unusual size: percent for a share, or another unit than is read." "check its unit (a share of 25 % is 0.25), or allow the warning";
    CountryUnknown "RS-W091" "country-unknown" "A code is no country of ISO 3166-1, so nothing that names the country means it." "write the code of ISO 3166-1; for an invented place use one left to users: AA, QM to QZ, XA to XZ, ZZ";
    QuantityDiffers "RS-W092" "quantity-differs" "A contract's quantity_per_day is not what the recipes ask for; where there is a recipe it only sets shares." "correct the quantity, the recipe or the demand, or leave `quantity_per_day` blank";
    ColumnMoved "RS-W095" "column-moved" "A column of files of an earlier version is blank here; what it said stands in another table now." "remove the column";
    RangesNotTried "RS-W096" "ranges-not-tried" "So many formulas may leave their limits at the ends of ranges that the rest were not tried." "narrow the ranges, or shorten the chains of formulas that rest on them";
    StartDrifts "RS-W097" "start-drifts" "Output moves before the first event as if something had happened, so that what the event does is not what the figures show." "begin earlier, lengthen the warm-up, or set start_state = \"settled\"";
    WarmUpTooShort "RS-W098" "warm-up-too-short" "The warm-up is shorter than the time from placing an order line to its due date: on the first day no goods have come that far." "give `warm_up_days` more days than that, or set start_state = \"settled\"";
    SwitchesNothing "RS-W099" "switches-nothing" "A switch has nothing to take over, or its times have nothing to act on." "give the buyer another contract for the product, give the contract a `switch_share`, `standby_share` or other route, or leave the switch out";
    DuplicateLink "RS-W060" "duplicate-link" "Links name the same seller and buyer more than once; their values are added up." "add them up in the file, if they are meant so; remove repeated rows";
    SelfLink "RS-W061" "self-link" "Links lead from a firm to itself; they are left out." "remove them: what a firm uses of its own is no trade";
    ZeroLink "RS-W062" "zero-link" "Links have the value 0; they are left out." "remove them, or give their value";
    NegativeValueAdded "RS-W063" "negative-value-added" "Firms buy more by links than they make, so their value added is negative." "check the unit of the links and the final demand of the firms";
    SellsMoreThanMade "RS-W064" "sells-more-than-made" "Firms sell more by links than `output_per_day`; they are taken to make what they sell." "check `output_per_day` and the links: are both a day's?";
    RuleMatchesNothing "RS-W070" "rule-matches-nothing" "A rule of the case touches no contract." "check its tests, its goods and the codes in products.csv, or remove it";
    CodeMissing "RS-W071" "code-missing" "A rule on goods is in force, but a product that is delivered has no code: findings say cannot-tell." "give `hs` in products.csv";
    ClockMissing "RS-W072" "clock-missing" "Rules are in force, but a crossing has no offset from UTC: its days are read in UTC." "give `utc_offset` in crossings.csv";
    ChangedSinceRun "RS-W093" "changed-since-run" "Files of a run folder are not what the run wrote, by the hashes of its manifest." "restore the files named, or run the case again; `ripstop reproduce` says what the inputs give";
    LooksAlike "RS-W094" "looks-alike" "A name looks like another of its kind, or mixes alphabets whose letters look alike." "write both names with the same letters if they are one, else with others; an editor shows the characters by their numbers";
}

impl Code {
    /// Whether a case with the problem can run.
    pub fn severity(self) -> Severity {
        if self.id().starts_with("RS-W") { Severity::Warning } else { Severity::Error }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// One problem at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the case can run.
    pub severity: Severity,
    /// What kind of problem.
    pub code: Code,
    /// File, relative to the case folder.
    pub file: PathBuf,
    /// Line, 1-based.
    pub line: usize,
    /// Byte in the line, 1-based.
    pub column: usize,
    /// Length in bytes of what is wrong.
    pub length: usize,
    /// Name of the column, in a file that has no lines (Parquet): then `line` is the row and `column` the column's number.
    pub field: Option<String>,
    /// What is wrong, with the values.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// What to do.
    pub fix: String,
}

/// As editors read it (docs/diagnostics.md): besides the fields the code's name and where the problem ends in its line.
impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Diagnostic", 11 + usize::from(self.field.is_some()))?;
        // A file's name is the same on every system.
        let file = self.file.to_string_lossy().replace('\\', "/");
        fields.serialize_field("file", &file)?;
        fields.serialize_field("line", &self.line)?;
        fields.serialize_field("column", &self.column)?;
        fields.serialize_field("end_column", &(self.column + self.length))?;
        fields.serialize_field("length", &self.length)?;
        if let Some(field) = &self.field {
            fields.serialize_field("field", field)?;
        }
        fields.serialize_field("severity", &self.severity)?;
        fields.serialize_field("code", &self.code)?;
        fields.serialize_field("name", self.code.name())?;
        fields.serialize_field("message", &self.message)?;
        fields.serialize_field("suggestion", &self.suggestion)?;
        fields.serialize_field("fix", &self.fix)?;
        fields.end()
    }
}

/// Which warnings are errors, and which are not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Every warning is an error.
    pub strict: bool,
    /// These warnings are errors.
    pub promoted: Vec<Code>,
    /// These warnings are left out; what is promoted by name is not.
    pub allowed: Vec<Code>,
}

impl Policy {
    /// Applies it to problems as they were found.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        let named = |found: &Diagnostic| self.promoted.contains(&found.code);
        diagnostics.retain(|found| found.severity == Severity::Error || named(found) || !self.allowed.contains(&found.code));
        for found in diagnostics {
            if self.strict || named(found) {
                found.severity = Severity::Error;
            }
        }
    }
}

/// The warning of that name or id.
///
/// Errors: there is none; says what was probably meant.
///
/// ```
/// assert_eq!(ripstop_case::warning_named("unused-parameter"), Ok(ripstop_case::Code::UnusedParameter));
/// assert!(ripstop_case::warning_named("unused-paramter").unwrap_err().contains("did you mean `unused-parameter`?"));
/// ```
pub fn warning_named(name: &str) -> Result<Code, String> {
    let is = |code: &&Code| code.name() == name || code.id().eq_ignore_ascii_case(name);
    match Code::all().iter().find(is) {
        Some(code) if code.severity() == Severity::Warning => Ok(*code),
        Some(code) => Err(format!("`{}` is an error already, not a warning", code.name())),
        None => {
            let warnings = Code::all().iter().filter(|code| code.severity() == Severity::Warning);
            let near = near_miss(name, warnings.map(|code| code.name()));
            let hint = near.map_or_else(|| "docs/diagnostics.md lists them".to_owned(), |near| format!("did you mean `{near}`?"));
            Err(format!("no warning is called `{name}`; {hint}"))
        }
    }
}

impl Diagnostic {
    /// A problem of kind `code` at `at`, with the code's general fix.
    pub fn new(code: Code, at: &Position, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: code.severity(),
            code,
            file: at.file.to_path_buf(),
            line: at.line,
            column: at.column,
            length: at.length,
            field: at.field.as_deref().map(str::to_owned),
            message: message.into(),
            suggestion: None,
            fix: code.fix().to_owned(),
        }
    }

    /// Where it is, as a person reads it: `firms.csv:3:12`, or `contracts.parquet: row 17, column price`.
    pub fn place(&self) -> String {
        let file = self.file.display();
        match &self.field {
            Some(field) => format!("{file}: row {}, column {field}", self.line),
            None => format!("{file}:{}:{}", self.line, self.column),
        }
    }

    /// Adds what was probably meant.
    #[must_use]
    pub fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Diagnostic {
        self.suggestion = suggestion.map(Into::into);
        self
    }

    /// Says what to do at this very place.
    #[must_use]
    pub fn with_fix(mut self, fix: impl Into<String>) -> Diagnostic {
        self.fix = fix.into();
        self
    }
}

/// The known word nearest to `word`, when it is near enough to be a slip: at most a third of the letters, at least one.
///
/// ```
/// assert_eq!(ripstop_case::near_miss("sinuju", ["dandong", "sinuiju"]), Some("sinuiju"));
/// assert_eq!(ripstop_case::near_miss("hunchun", ["dandong", "sinuiju"]), None);
/// ```
pub fn near_miss<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = word.to_lowercase().chars().collect();
    let most = (letters.len() / 3).max(1);
    let (mut best, mut nearest) = (most + 1, None);
    let (mut other, mut rows) = (Vec::new(), Default::default());
    for candidate in known {
        other.clear();
        other.extend(candidate.chars().flat_map(char::to_lowercase));
        // Only what is nearer than all before is worth the rest of the comparison.
        if let Some(found) = distance(&letters, &other, best - 1, &mut rows) {
            (best, nearest) = (found, Some(candidate));
            if best == 0 {
                break;
            }
        }
    }
    nearest
}

/// Edits (insert, delete, replace, swap neighbours) that turn `a` into `b`: optimal string alignment. `None` if they are more than `most`.
/// `rows` is room for three rows of the table.
fn distance(a: &[char], b: &[char], most: usize, rows: &mut [Vec<usize>; 3]) -> Option<usize> {
    // Lengths further apart cannot be near; this skips most of the work in long lists.
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let [before, last, row] = rows;
    last.clear();
    last.extend(0..=b.len());
    for i in 1..=a.len() {
        row.clear();
        row.push(i);
        let mut least = i;
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut edits = replace.min(last[j] + 1).min(row[j - 1] + 1);
            let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if swapped {
                edits = edits.min(before[j - 2] + 1);
            }
            least = least.min(edits);
            row.push(edits);
        }
        // A swap reaches back one row more, and costs one.
        if least > most + 1 {
            return None;
        }
        std::mem::swap(before, last);
        std::mem::swap(last, row);
    }
    Some(last[b.len()]).filter(|edits| *edits <= most)
}

/// Comparisons of names that may be spent on suggestions, a second's worth: a column of a million wrong ids must not take an hour.
const COMPARISONS_MAX: usize = 4_000_000;

/// Nearest names, until very many have been compared: who has thousands of wrong ids needs no suggestion for the last of them.
#[derive(Debug)]
pub(crate) struct Suggestions(AtomicUsize);

impl Default for Suggestions {
    fn default() -> Self {
        Suggestions(AtomicUsize::new(COMPARISONS_MAX))
    }
}

impl Clone for Suggestions {
    fn clone(&self) -> Self {
        Suggestions(AtomicUsize::new(self.0.load(Ordering::Relaxed)))
    }
}

impl Suggestions {
    /// [`near_miss`], as long as comparisons are left.
    pub fn nearest<'a>(&self, word: &str, known: impl ExactSizeIterator<Item = &'a str>) -> Option<&'a str> {
        let left = self.0.load(Ordering::Relaxed).checked_sub(known.len())?;
        self.0.store(left, Ordering::Relaxed);
        near_miss(word, known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_well_formed() {
        let ids: HashSet<_> = Code::all().iter().map(|code| code.id()).collect();
        let names: HashSet<_> = Code::all().iter().map(|code| code.name()).collect();
        assert_eq!((ids.len(), names.len()), (Code::all().len(), Code::all().len()));
        for code in Code::all() {
            assert!(code.name().chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit()));
            assert!(code.about().ends_with('.') && !code.fix().is_empty());
        }
    }

    #[test]
    fn distances() {
        let of = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|text| text.chars().collect::<Vec<_>>());
            distance(&a, &b, 9, &mut Default::default()).unwrap()
        };
        assert_eq!(of("", "abc"), 3);
        assert_eq!(of("kitten", "sitting"), 3);
        assert_eq!(of("frims", "firms"), 1);
    }

    #[test]
    fn near_misses() {
        assert_eq!(near_miss("ab", ["xy", "ac"]), Some("ac"));
        assert_eq!(near_miss("capcity_per_day", ["capacity_per_day", "firm"]), Some("capacity_per_day"));
        assert_eq!(near_miss("zzz", ["abc"]), None);
        assert_eq!(near_miss("x", []), None);
    }
}
