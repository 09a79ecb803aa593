package dev.merlon.config;

/**
 * The comparison of a run's models at the ends of epochs, for the best of them and for stopping
 * early.
 *
 * @param metric what is compared; with {@code none} the rest does not matter
 * @param split the images it is measured on
 * @param fromEpoch epochs finished before models are compared; may be a fraction
 * @param patience epochs without a better model after which training stops; 0 = never
 * @param result which model is the result of the run
 */
public record SelectionSettings(
    SelectionMetric metric,
    SelectionSplit split,
    double fromEpoch,
    int patience,
    FinalModel result) {
  /** No comparison. */
  public static final SelectionSettings NONE =
      new SelectionSettings(SelectionMetric.NONE, SelectionSplit.VALIDATION, 0, 0, FinalModel.LAST);

  public SelectionSettings {
    Check.atLeast("from-epoch", fromEpoch, 0.0);
    Check.atLeast("patience", patience, 0);
  }

  /** Whether models are compared at all. */
  public boolean active() {
    return metric != SelectionMetric.NONE;
  }

  /** Whether the model at the end of an epoch is compared. */
  public boolean compares(int epochFromOne) {
    return active() && epochFromOne >= fromEpoch;
  }

  static SelectionSettings read(SettingsReader reader) {
    SelectionMetric metric = reader.choice("metric", SelectionMetric.class);
    if (metric == SelectionMetric.NONE) {
      return NONE;
    }
    return new SelectionSettings(
        metric,
        reader.choice("split", SelectionSplit.class),
        reader.decimal("from-epoch"),
        reader.integer("patience"),
        reader.choice("final", FinalModel.class));
  }

  void write(SettingsWriter writer) {
    writer.choice("metric", metric);
    if (active()) {
      writer.choice("split", split);
      writer.decimal("from-epoch", fromEpoch);
      writer.whole("patience", patience);
      writer.choice("final", result);
    }
  }
}
