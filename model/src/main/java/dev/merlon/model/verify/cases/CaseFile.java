package dev.merlon.model.verify.cases;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cases of a file with the inputs that they are about. Paths in it are relative to the file.
 * Immutable.
 */
public final class CaseFile {
  private final Path file;
  private final Guarantee guarantee;
  private final List<VerificationCase> cases;
  private final Map<Path, CaseInputs> inputs;

  private CaseFile(
      Path file, Guarantee guarantee, List<VerificationCase> cases, Map<Path, CaseInputs> inputs) {
    this.file = file;
    this.guarantee = guarantee;
    this.cases = List.copyOf(cases);
    this.inputs = Map.copyOf(inputs);
  }

  /**
   * Reads a file of cases and its inputs, and checks both; models are not looked at.
   *
   * @param guarantee what certificates are to be about
   * @throws MerlonException (data) that names the file, the case and what is wrong with it
   */
  public static CaseFile read(Path file, Guarantee guarantee) {
    JsonNode entries = CaseProblem.json(file).path("cases");
    if (!entries.isArray() || entries.isEmpty()) {
      throw CaseProblem.of(file, "it has no list 'cases'");
    }
    List<VerificationCase> cases = new ArrayList<>();
    Map<Path, CaseInputs> inputs = new HashMap<>();
    Set<String> ids = new HashSet<>();
    for (JsonNode entry : entries) {
      CaseReader reader = new CaseReader(file, entry, cases.size());
      VerificationCase read = reader.read();
      if (!ids.add(read.id())) {
        throw reader.refused("its id is that of an earlier case");
      }
      CaseInputs its = inputs.computeIfAbsent(read.inputs(), CaseInputs::read);
      if (!its.has(read.index())) {
        throw reader.refused(
            String.format(
                Locale.ROOT,
                "index %d: %s has inputs %s",
                read.index(),
                read.inputs(),
                its.range()));
      }
      cases.add(read);
    }
    return new CaseFile(file, guarantee, cases, inputs);
  }

  /** The file itself. */
  public Path file() {
    return file;
  }

  /** What certificates are to be about. */
  public Guarantee guarantee() {
    return guarantee;
  }

  /** The cases in the file's order. */
  public List<VerificationCase> cases() {
    return cases;
  }

  /** A model as the file names it, for people. */
  public String shown(Path model) {
    return shown(file, model);
  }

  /**
   * A model as a file of cases names it, for people.
   *
   * @param file of cases
   */
  public static String shown(Path file, Path model) {
    Path folder = file.toAbsolutePath().getParent();
    Path absolute = model.toAbsolutePath();
    return folder != null && absolute.startsWith(folder)
        ? folder.relativize(absolute).toString()
        : model.toString();
  }

  /** The digest of the inputs that a case is about. */
  private String data(VerificationCase asked) {
    return inputsOf(asked).images().digest();
  }

  /** The question that a case asks, its input {@code [C,H,W]}. */
  public Query query(VerificationCase asked) {
    float[] x = inputsOf(asked).input(asked.index());
    Question question = new Question(asked.set(), guarantee);
    return new Query(asked.index(), Optional.of(asked.id()), x, asked.label(), question);
  }

  /**
   * The cases that one verifier can answer: those of one model and one file of inputs with one
   * threshold and one time limit, in the order of their first cases.
   *
   * @param threshold that of cases that name none
   * @param fallback the limit of cases that name none
   * @param forAll a limit for all cases instead of their own
   */
  public List<Group> groups(
      Optional<Threshold> threshold, Duration fallback, Optional<Duration> forAll) {
    Map<Group, List<VerificationCase>> groups = new LinkedHashMap<>();
    for (VerificationCase asked : cases) {
      Duration timeout = forAll.or(asked::timeout).orElse(fallback);
      Optional<Threshold> decisive = asked.threshold().or(() -> threshold);
      Group empty =
          new Group(asked.model(), data(asked), image(asked), decisive, timeout, List.of());
      groups.computeIfAbsent(empty, key -> new ArrayList<>()).add(asked);
    }
    List<Group> all = new ArrayList<>();
    groups.forEach(
        (key, members) ->
            all.add(
                new Group(
                    key.model(),
                    key.data(),
                    key.image(),
                    key.threshold(),
                    key.timeout(),
                    members)));
    return all;
  }

  /**
   * Cases of one model with one threshold and one time limit.
   *
   * @param data digest of their inputs
   * @param image shape of their inputs, {@code (C, H, W)}
   */
  public record Group(
      Path model,
      String data,
      Shape image,
      Optional<Threshold> threshold,
      Duration timeout,
      List<VerificationCase> cases) {
    /** Copies the cases. */
    public Group {
      cases = List.copyOf(cases);
    }
  }

  private Shape image(VerificationCase asked) {
    ImageShape stored = inputsOf(asked).images().shape();
    return new Shape(stored.channels(), stored.height(), stored.width());
  }

  private CaseInputs inputsOf(VerificationCase asked) {
    return Optional.ofNullable(inputs.get(asked.inputs())).orElseThrow();
  }
}
