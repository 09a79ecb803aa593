package dev.merlon.model.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder of published models with known answers: {@code models}, {@code inputs}, {@code
 * bounds}, {@code cases.json}, {@code verdicts.json} and {@code vnnlib}. What there is to compare
 * comes from its files alone; a file that is not understood is an error.
 */
public final class PublishedFolder {
  /** What the cases of a file in {@code bounds} tell, by a field that each of them has. */
  private enum Kind {
    BOUNDS("crown_min_area"),
    EXACT("exact_margin"),
    GEOMETRIC("transforms"),
    PATCH("patch");

    private final String field;

    Kind(String field) {
      this.field = field;
    }
  }

  private final Path folder;

  private PublishedFolder(Path folder) {
    this.folder = folder;
  }

  /** The folder in {@link GoldenCases#folder}. */
  public static PublishedFolder found() {
    return at(GoldenCases.folder().resolve("verification"));
  }

  /** The folder at a path. */
  public static PublishedFolder at(Path folder) {
    return new PublishedFolder(folder);
  }

  /** Every model, by name. */
  public List<PublishedModel> models() {
    return files("models", ".onnx").stream()
        .map(file -> new PublishedModel(this, file, List.of()))
        .toList();
  }

  /** The model of a name, without its cases. */
  public PublishedModel model(String name) {
    return models().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(folder + " has no model " + name));
  }

  /** The models that have bounds, with them. */
  public List<PublishedModel> bounds() {
    return models(Kind.BOUNDS);
  }

  /** The models that have exact margins, with them. */
  public List<PublishedModel> exact() {
    return models(Kind.EXACT);
  }

  /** What {@code cases.json} asks about each of its models. */
  public List<PublishedModel> questions() {
    Map<String, List<JsonNode>> questions = new LinkedHashMap<>();
    entries(folder.resolve("cases.json"))
        .forEach(
            question ->
                questions
                    .computeIfAbsent(question.path("model").asText(), name -> new ArrayList<>())
                    .add(question));
    return questions.entrySet().stream()
        .map(asked -> new PublishedModel(this, folder.resolve(asked.getKey()), asked.getValue()))
        .toList();
  }

  /**
   * What is known about a question: {@code certified}, {@code counterexample} or {@code unknown}.
   */
  public String verdict(JsonNode question) {
    return entries(folder.resolve("verdicts.json")).stream()
        .filter(entry -> entry.path("id").equals(question.path("id")))
        .map(entry -> entry.path("verdict").asText())
        .filter(List.of("certified", "counterexample", "unknown")::contains)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no verdict about " + question));
  }

  /** Whether golden bounds prove a question's property at its radius or a larger one. */
  public boolean isProved(PublishedModel asked, JsonNode question) {
    return bounds().stream()
        .filter(model -> model.file().equals(asked.file()))
        .flatMap(model -> model.cases().stream())
        .filter(golden -> golden.path("index").equals(question.path("index")))
        .filter(golden -> golden.path("label").equals(question.path("label")))
        .filter(golden -> set(golden).withEps(1).equals(set(question).withEps(1)))
        .filter(golden -> set(golden).eps() >= set(question).eps())
        .anyMatch(PublishedFolder::isProof);
  }

  private static boolean isProof(JsonNode golden) {
    List<Double> margins = new ArrayList<>();
    golden.path("crown_min_area").forEach(margin -> margins.add(margin.asDouble()));
    return !margins.isEmpty() && margins.stream().allMatch(margin -> margin > 0);
  }

  /** The perturbation set of a case or a question. */
  public static NormBall set(JsonNode golden) {
    Norm norm =
        switch (golden.path("norm").asText()) {
          case "inf", "linf" -> Norm.of("linf");
          case "2", "l2" -> Norm.of("l2");
          default -> throw new IllegalStateException("norm of " + golden);
        };
    if (!golden.path("eps").isNumber() || !golden.has("clip")) {
      throw new IllegalStateException("no radius or no clip in " + golden);
    }
    return new NormBall(norm, golden.path("eps").asDouble(), !golden.path("clip").isNull());
  }

  /** The images that a file of the folder names. */
  public PublishedInputs inputs(String file) {
    return PublishedInputs.read(folder.resolve(file));
  }

  /** Every file of images of this many elements; there is one. */
  public List<PublishedInputs> inputsOf(long size) {
    List<PublishedInputs> fit =
        files("inputs", ".json").stream()
            .map(PublishedInputs::read)
            .filter(each -> each.image().size() == size)
            .toList();
    if (fit.isEmpty()) {
      throw new IllegalStateException(folder + " has no inputs of size " + size);
    }
    return fit;
  }

  /**
   * The images that a case's {@code index} counts: of the size that the model takes, with the
   * case's label there and, where several files have such an image, of the data set it names.
   */
  public PublishedInputs inputs(JsonNode golden, long size) {
    int index = golden.path("index").asInt();
    int label = golden.path("label").asInt(-1);
    List<PublishedInputs> fit =
        inputsOf(size).stream()
            .filter(each -> each.indices().anyMatch(own -> own == index))
            .filter(each -> each.label(index) == label)
            .toList();
    if (fit.size() > 1) {
      String dataset = plain(golden.path("dataset").asText());
      fit = fit.stream().filter(each -> each.dataset().startsWith(dataset)).toList();
    }
    if (fit.size() != 1) {
      throw new IllegalStateException(
          fit.size()
              + " files of inputs have image "
              + index
              + " of class "
              + label
              + " and size "
              + size);
    }
    return fit.get(0);
  }

  /** The instances in the form of the verification competition. */
  public List<PublishedInstance> instances() {
    Path list = folder.resolve("vnnlib/instances.csv");
    try {
      return Files.readAllLines(list).stream()
          .filter(line -> !line.isBlank())
          .map(line -> PublishedInstance.of(this, list.getParent(), line))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The published form of a witness. */
  public String witnessForm() {
    try {
      return Files.readString(folder.resolve("vnnlib/counterexample_format.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<PublishedModel> models(Kind kind) {
    Map<String, List<JsonNode>> cases = new LinkedHashMap<>();
    for (Path file : files("bounds", ".json")) {
      for (JsonNode golden : entries(file)) {
        if (kind(file, golden) == kind) {
          cases.computeIfAbsent(modelName(file, golden), name -> new ArrayList<>()).add(golden);
        }
      }
    }
    return cases.entrySet().stream()
        .map(entry -> new PublishedModel(this, model(entry.getKey()).file(), entry.getValue()))
        .toList();
  }

  private static Kind kind(Path file, JsonNode golden) {
    List<Kind> kinds = Stream.of(Kind.values()).filter(kind -> golden.has(kind.field)).toList();
    if (kinds.size() != 1) {
      throw new IllegalStateException(file + " has a case of no known kind: " + golden);
    }
    return kinds.get(0);
  }

  // Named by a path or by its bare name.
  private static String modelName(Path file, JsonNode golden) {
    String name = golden.path("model").asText();
    if (name.isEmpty()) {
      throw new IllegalStateException(file + " has a case of no model: " + golden);
    }
    return nameOf(Path.of(name));
  }

  static String nameOf(Path model) {
    String name = String.valueOf(model.getFileName());
    return name.endsWith(".onnx") ? name.substring(0, name.length() - 5) : name;
  }

  static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> entries(Path file) {
    List<JsonNode> entries = new ArrayList<>();
    json(file).path("cases").forEach(entries::add);
    if (entries.isEmpty()) {
      throw new IllegalStateException(file + " has no cases");
    }
    return entries;
  }

  private List<Path> files(String under, String ending) {
    try (Stream<Path> files = Files.list(folder.resolve(under))) {
      List<Path> found = files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
      if (found.isEmpty()) {
        throw new IllegalStateException(folder.resolve(under) + " has no file *" + ending);
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
