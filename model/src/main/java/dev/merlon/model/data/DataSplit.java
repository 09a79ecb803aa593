package dev.merlon.model.data;

/** The two parts of a data set; training never sees {@link #TEST}. */
public enum DataSplit {
  /** The images a run learns from. */
  TRAIN("train"),
  /** The images a run is judged by. */
  TEST("test");

  private final String label;

  DataSplit(String label) {
    this.label = label;
  }

  /** The word used in configuration, on the command line and in reports. */
  public String label() {
    return label;
  }
}
