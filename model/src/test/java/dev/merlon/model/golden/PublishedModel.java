package dev.merlon.model.golden;

import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * A published model.
 *
 * @param folder where it lies
 * @param file the model
 * @param cases known numbers about it, of one kind
 */
public record PublishedModel(PublishedFolder folder, Path file, List<JsonNode> cases) {
  /** Name of the file without its ending. */
  public String name() {
    return PublishedFolder.nameOf(file);
  }

  /** Some of these models, those that compute the fewest values for an input. */
  public static List<PublishedModel> smallest(List<PublishedModel> models, int count) {
    return models.stream()
        .sorted(Comparator.comparingLong(model -> model.read().network().values()))
        .limit(count)
        .toList();
  }

  /** The model with some of its cases. */
  public PublishedModel with(Predicate<JsonNode> wanted) {
    return new PublishedModel(folder, file, cases.stream().filter(wanted).toList());
  }

  /** Reads the model. */
  public ImportedModel read() {
    return OnnxImport.read(file);
  }

  @Override
  public String toString() {
    return name();
  }
}
