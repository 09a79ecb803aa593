package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.SmallModel;
import dev.merlon.actors.cli.option.Version;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.EmbeddedDigits;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.CertificateStore;
import dev.merlon.model.store.Facts;
import dev.merlon.model.store.FileConfirmer;
import dev.merlon.model.store.Prover;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Questions;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that find verdicts in a store, and leave them there. */
class StoredVerdictsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUICK = "ibp,crown-ibp,pgd,crown";
  private static final int INPUTS = 60;

  @TempDir private Path home;
  private Path model;
  private Path store;

  @BeforeEach
  void writeModel() throws IOException {
    model = SmallModel.write(home.resolve("small.onnx"), 28);
    store = home.resolve("verdicts/store.db");
  }

  @Test
  void certify_twice_asksNothingTheSecondTime() throws IOException {
    Path one = home.resolve("one.jsonl");
    Path two = home.resolve("two.jsonl");
    JsonNode first = certify("--norm", "linf:0.001", "--out", one.toString());
    JsonNode second = certify("--norm", "linf:0.001", "--out", two.toString());

    assertThat(first.get("reused").asInt()).isZero();
    assertThat(second.get("reused").asInt()).isEqualTo(INPUTS);
    assertThat(second.get("rungs")).isEmpty();
    for (String field : List.of("answered", "natural", "certified", "falsified", "unknown")) {
      assertThat(second.get(field)).as(field).isEqualTo(first.get(field));
    }
    assertThat(lines(two)).isEqualTo(lines(one));
  }

  @Test
  void certify_moreInputsThanBefore_asksTheOthersOnly() throws IOException {
    certify("--norm", "linf:0.001", "--indices", "0-4");

    JsonNode more = certify("--norm", "linf:0.001", "--indices", "3-9");

    assertThat(more.get("reused").asInt()).isEqualTo(2);
    assertThat(more.get("answered").asInt()).isEqualTo(7);
  }

  @Test
  void certify_smallerRadius_followsFromTheLargerOne() throws IOException {
    double certified =
        certify("--norm", "linf:0.001").get("certified").get("linf:0.001").asDouble();
    assertThat(certified).isPositive();

    JsonNode smaller = certify("--norm", "linf:0.0005");

    assertThat(smaller.get("implied").asInt()).isEqualTo((int) Math.round(INPUTS * certified));
    assertThat(smaller.get("certified").get("linf:0.0005").asDouble())
        .isGreaterThanOrEqualTo(certified);
  }

  @Test
  void certify_otherRungs_areAskedAnew() throws IOException {
    JsonNode lines = run("certify", "--norm", "linf:0.001", "--rungs", "crown");
    assertThat(lines.get("rungs").get("crown").asInt()).isPositive();

    JsonNode boxes = run("certify", "--norm", "linf:0.001", "--rungs", "ibp");

    assertThat(boxes.get("reused")).isEqualTo(lines.get("rungs").get("predict"));
    assertThat(boxes.get("rungs").fieldNames()).toIterable().containsExactly("ibp");
  }

  @Test
  void certify_withoutStore_looksUpAndKeepsNothing() throws IOException {
    List<String> arguments = arguments("certify", "--norm", "linf:0.001", "--rungs", QUICK);
    arguments.addAll(List.of("--no-store", "--json"));
    for (int again = 0; again < 2; again++) {
      CapturedRun run = CapturedRun.of(home, arguments.toArray(String[]::new));
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(JSON.readTree(run.out()).get("reused").asInt()).isZero();
    }
    try (var files = Files.walk(home)) {
      assertThat(files.filter(file -> file.toString().endsWith(".db"))).isEmpty();
    }
  }

  @Test
  void certify_storedTimeouts_answerAndSayHowToAskAgain() throws IOException {
    String[] asked = {"--norm", "linf:0.001", "--indices", "0-4"};
    keepTimeouts(5);

    CapturedRun table = captured(arguments("certify", asked), "--rungs", QUICK, "--store", at());
    JsonNode longer = certify(with(asked, "--timeout", "1h"));

    assertThat(table.out())
        .contains("Known before: 5 verdicts", "5 timeouts of as much time; --retry timeout");
    assertThat(longer.get("reused").asInt()).isZero();
    assertThat(longer.get("unknown").get("linf:0.001").asDouble()).isZero();
  }

  @Test
  void certify_retriedTimeouts_areAskedAgain() throws IOException {
    keepTimeouts(5);

    JsonNode retried = certify("--norm", "linf:0.001", "--indices", "0-4", "--retry", "timeout");

    assertThat(retried.get("reused").asInt()).isZero();
    assertThat(retried.get("unknown").get("linf:0.001").asDouble()).isZero();
  }

  private void keepTimeouts(int inputs) {
    var effort =
        Effort.of(
            Rung.ladder(List.of(QUICK.split(","))),
            AttackStrength.QUICK.attack(),
            0,
            Duration.ofSeconds(30));
    Dataset images = EmbeddedDigits.standard().read(DataSplit.TEST);
    var sets = List.<PerturbationSet>of(new NormBall(new LInf(), 0.001, true));
    List<Query> queries = new ArrayList<>();
    Questions.aboutFirst(images, inputs, sets, Guarantee.REAL)
        .iterator()
        .forEachRemaining(queries::add);
    ImportedModel read = OnnxImport.read(model);
    try (CertificateStore opened = CertificateStore.open(store, Prover.of(Version.current()));
        Facts facts = opened.about(read, effort, Set.of(), new FileConfirmer(read))) {
      facts.known(queries);
      facts.record(queries.stream().map(StoredVerdictsTest::timeout).toList());
    }
  }

  private static Verdict timeout(Query query) {
    return new Verdict(
        query.property(),
        OptionalInt.of(query.label()),
        new Outcome.Timeout(Rung.CROWN),
        Optional.empty(),
        Guarantee.REAL,
        30_000);
  }

  @Test
  void attack_anotherStrengthOrSeed_takesNoPointOfTheFirst() throws IOException {
    JsonNode first = run("attack", "--norm", "linf:0.2", "--steps", "3");
    assertThat(first.get("adversarial").get("linf:0.2").asDouble())
        .isLessThan(first.get("natural").asDouble());

    JsonNode again = run("attack", "--norm", "linf:0.2", "--steps", "3");
    JsonNode seeded = run("attack", "--norm", "linf:0.2", "--steps", "3", "--seed", "7");
    JsonNode longer = run("attack", "--norm", "linf:0.2", "--steps", "4");

    int misclassified = (int) Math.round(INPUTS * (1 - first.get("natural").asDouble()));
    assertThat(again.get("reused").asInt()).isEqualTo(INPUTS);
    assertThat(seeded.get("reused").asInt()).isEqualTo(misclassified);
    assertThat(longer.get("reused").asInt()).isEqualTo(misclassified);
  }

  @Test
  void certify_savedPictures_showKnownCounterexamplesToo() throws IOException {
    certify("--norm", "linf:0.2");
    Path pictures = home.resolve("pictures");

    JsonNode again = certify("--norm", "linf:0.2", "--save-adversarial", pictures.toString());

    long falsified = Math.round(INPUTS * again.get("falsified").get("linf:0.2").asDouble());
    assertThat(falsified).isPositive();
    try (var files = Files.list(pictures)) {
      assertThat(files).hasSize((int) falsified);
    }
  }

  @Test
  void certify_namedStoreThatCannotBeOpened_isAnError() throws IOException {
    Path text = Files.writeString(home.resolve("notes.txt"), "no database ".repeat(200));

    CapturedRun run =
        captured(arguments("certify", "--norm", "linf:0.001"), "--store", text.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow())
        .contains("store of verdicts", text.toString(), "it is no such store", "--no-store");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void certify_usualStoreThatCannotBeOpened_isSaidInOneLineAndTheWorkDone() throws IOException {
    Path text = Files.writeString(home.resolve("notes.txt"), "no database ".repeat(200));

    CapturedRun run =
        CapturedRun.with(
            home,
            text,
            arguments("certify", "--norm", "linf:0.001", "--json").toArray(String[]::new));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err().lines().filter(line -> line.startsWith("Note: The store")))
        .containsExactly(
            "Note: The store of verdicts "
                + text
                + " cannot be used: it is no such store; verdicts are neither looked up nor kept.");
    assertThat(JSON.readTree(run.out()).get("answered").asInt()).isEqualTo(INPUTS);
  }

  @Test
  void certify_storeAndNoStore_contradictEachOther() {
    CapturedRun run =
        captured(arguments("certify", "--norm", "linf:0.001"), "--store", at(), "--no-store");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("--no-store");
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }

  private JsonNode certify(String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("--rungs", QUICK));
    all.addAll(Arrays.asList(more));
    return run("certify", all.toArray(String[]::new));
  }

  private JsonNode run(String command, String... more) throws IOException {
    CapturedRun run = captured(arguments(command, more), "--store", at(), "--json");
    assertThat(run.code()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private List<String> arguments(String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command, model.toString(), "--data", "demo"));
    all.addAll(Arrays.asList(more));
    if (!all.contains("--indices")) {
      all.addAll(List.of("--first", "" + INPUTS));
    }
    return all;
  }

  private CapturedRun captured(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(Arrays.asList(more));
    return CapturedRun.of(home, all.toArray(String[]::new));
  }

  private String at() {
    return store.toString();
  }

  private static SortedMap<Integer, JsonNode> lines(Path file) throws IOException {
    TreeMap<Integer, JsonNode> lines = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode verdict = JSON.readTree(line);
      lines.put(verdict.get("index").asInt(), verdict);
    }
    return lines;
  }
}
