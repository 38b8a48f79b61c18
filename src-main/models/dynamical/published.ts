/** What a paper reports of its models on recordings of its own. */
export interface PublishedResults {
  document: string;
  citation: string;
  /** Where in the document. */
  table: string;
  dataset: string;
  /** What to know before figures of one's own are set beside them. */
  note: string;
  /** By model, as the paper calls it, then by metric. */
  figures: Readonly<Record<string, { rmse_normalised: number; pesq_nb_raw: number; stoi: number }>>;
  /** What to know of one model's figures. */
  notes: Readonly<Record<string, string>>;
}

/**
 * The table of papers/004, Part 3, "Analysis-resynthesis of speech signals". RMSE is printed times 10^-2 and is of signals at
 * a peak of 1; PESQ was computed with pypesq, which gives the raw score of narrow-band P.862 and no MOS-LQO.
 */
export const benchmarkOfDynamicalModels: PublishedResults = {
  document: 'papers/004',
  citation: 'Bie et al. 2021',
  table: 'Part 3, analysis-resynthesis of speech signals',
  dataset: 'WSJ0 si_et_05',
  note: 'On 1.5 h of WSJ0 (si_et_05) after training on si_tr_s: to be set beside figures on other recordings, not compared with them. Its PESQ is the raw narrow-band score, not MOS-LQO.',
  figures: {
    VAE: { rmse_normalised: 0.051, pesq_nb_raw: 2.05, stoi: 0.86 },
    DKF: { rmse_normalised: 0.0344, pesq_nb_raw: 3.3, stoi: 0.94 },
    STORN: { rmse_normalised: 0.0338, pesq_nb_raw: 3.05, stoi: 0.93 },
    VRNN: { rmse_normalised: 0.0267, pesq_nb_raw: 3.6, stoi: 0.96 },
    SRNN: { rmse_normalised: 0.0248, pesq_nb_raw: 3.64, stoi: 0.97 },
    RVAE: { rmse_normalised: 0.0499, pesq_nb_raw: 2.27, stoi: 0.89 },
    DSAE: { rmse_normalised: 0.0469, pesq_nb_raw: 2.32, stoi: 0.9 },
  },
  notes: { RVAE: 'The paper has one RVAE, and does not say whether it is the causal one.' },
};
