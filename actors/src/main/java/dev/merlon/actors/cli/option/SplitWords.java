package dev.merlon.actors.cli.option;

import dev.merlon.model.data.DataSplit;
import java.util.Iterator;
import java.util.stream.Stream;

/** The parts of a data set that may be chosen, for completion. */
final class SplitWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Stream.of(DataSplit.TEST, DataSplit.TRAIN).map(DataSplit::label).iterator();
  }
}
