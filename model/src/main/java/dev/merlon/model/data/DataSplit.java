package dev.merlon.model.data;

/** The parts of a data set; the steps of training see {@link #TRAIN} alone. */
public enum DataSplit {
  /** The images a run learns from. */
  TRAIN("train"),
  /** Images that a model is chosen by while a run goes on, kept from its steps. */
  VALIDATION("validation"),
  /** The images a run is judged by at its end. */
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
