package dev.merlon.model.golden;

import java.nio.file.Path;

/**
 * A line of {@code instances.csv}.
 *
 * @param model the model it is about
 * @param property the property's file
 * @param seconds time for an answer
 */
public record PublishedInstance(PublishedModel model, Path property, double seconds) {
  // The competition's folder of models has a name of its own.
  static PublishedInstance of(PublishedFolder folder, Path list, String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != 3) {
      throw new IllegalStateException("not model, property and seconds: " + line);
    }
    return new PublishedInstance(
        folder.model(PublishedFolder.nameOf(Path.of(fields[0]))),
        list.resolve(String.valueOf(Path.of(fields[1]).getFileName())),
        Double.parseDouble(fields[2]));
  }

  @Override
  public String toString() {
    return model + ", " + property.getFileName();
  }
}
