package dev.merlon.actors.cli.option;

import picocli.CommandLine.Option;

/** Options of every command that asks about a model: how it searches and how it answers. */
public final class AnswerOptions {
  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Keys the start points of attacks and searches. Default: 0.")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object with the results at the end.")
  private boolean json;

  /** Keys the start points of attacks and searches. */
  public long seed() {
    return seed;
  }

  /** Whether one JSON object is wanted. */
  public boolean json() {
    return json;
  }
}
