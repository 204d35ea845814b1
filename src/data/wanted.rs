//! The series that the program can use: what for, and who publishes them.

/// A series that the calibration can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Name of the series.
    pub name: &'static str,
    /// What it serves.
    pub purpose: &'static str,
    /// File, and who publishes it.
    pub publisher: &'static str,
}

const fn wanted(name: &'static str, purpose: &'static str, publisher: &'static str) -> Wanted {
    Wanted { name, purpose, publisher }
}

impl Wanted {
    /// Whether it is a list of days on which something happens, which has neither gaps nor an end.
    pub fn is_list(&self) -> bool {
        self.name.starts_with("intervention.") || MEETINGS.contains(&self.name)
    }
}

/// Names of the days of decisions: the Federal Reserve's and the Bank of Japan's.
pub const MEETINGS: [&str; 2] = ["meetings.fed", "meetings.boj"];

/// Name of the cross-currency basis, in %: nobody publishes it freely.
pub const BASIS: &str = "BASIS";

/// All of them.
pub const WANTED: [Wanted; 19] = [
    wanted("DGS2", "volatility, correlations, rate responses", "DGS2.csv, FRED"),
    wanted("DGS5", "volatility, correlations, rate responses", "DGS5.csv, FRED"),
    wanted(
        "DGS10",
        "volatility, correlations, rate responses, pickup, projections",
        "DGS10.csv, FRED",
    ),
    wanted("DGS30", "volatility, correlations, rate responses, pickup", "DGS30.csv, FRED"),
    wanted(
        "jgb.2y",
        "response of the yen to the rate gap",
        "jgbcme_all.csv, Japan's Ministry of Finance",
    ),
    wanted(
        "jgb.10y",
        "volatility, correlations, spillover, pickup",
        "jgbcme_all.csv, Japan's Ministry of Finance",
    ),
    wanted(
        "jgb.30y",
        "volatility, correlations, fiscal jumps, pickup",
        "jgbcme_all.csv, Japan's Ministry of Finance",
    ),
    wanted("DEXJPUS", "volatility, correlations, jumps; turns flows into USD", "DEXJPUS.csv, FRED"),
    wanted("SP500", "volatility, correlations", "SP500.csv, FRED; before it GSPC.csv (Date,Close)"),
    wanted("VIXCLS", "volatility, correlations", "VIXCLS.csv, FRED"),
    wanted("DFF", "the hedge cost: the dollar short rate; days of FOMC decisions", "DFF.csv, FRED"),
    wanted("IRSTCI01JPM156N", "the hedge cost: the yen short rate", "IRSTCI01JPM156N.csv, FRED"),
    wanted(
        "IR3TIB01JPM156N",
        "the hedge cost: the yen short rate before the call rate begins",
        "IR3TIB01JPM156N.csv, FRED",
    ),
    wanted(
        BASIS,
        "the hedge cost: the cross-currency basis in %",
        "a file BASIS.csv with the header Date,BASIS, from a data vendor",
    ),
    wanted(
        "portfolio.long_term_debt_net",
        "response of flows to the pickup, projections",
        "6pi-1.csv, Ministry of Finance and Bank of Japan",
    ),
    wanted(
        "tic.japan",
        "response of flows to the pickup",
        "slt_table5.txt and mfhhis01.txt, US Treasury",
    ),
    wanted(
        "intervention.yen_buying",
        "projections on interventions",
        "date,amount_bn_yen,direction: Ministry of Finance",
    ),
    wanted(
        MEETINGS[0],
        "responses on days of FOMC decisions (else those seen in DFF)",
        "a file with the header date,bank and rows such as 2026-06-17,fed: dates on federalreserve.gov",
    ),
    wanted(
        MEETINGS[1],
        "responses on days of BOJ decisions",
        "a file with the header date,bank and rows such as 2026-06-16,boj: dates on boj.or.jp",
    ),
];
