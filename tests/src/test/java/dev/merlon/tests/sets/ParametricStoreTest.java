package dev.merlon.tests.sets;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.network.Initialisation;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.CertificateStore;
import dev.merlon.model.store.Confirmer;
import dev.merlon.model.store.Facts;
import dev.merlon.model.store.FileConfirmer;
import dev.merlon.model.store.Prover;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counterexamples that parameters lead to, kept and confirmed again. */
class ParametricStoreTest {
  private static final float[] X = {0.1f, 0.5f, 0.9f, 0.25f};
  private static final double BRIGHTNESS = 0.1875;

  @TempDir private Path home;

  private ImportedModel model;
  private Query query;

  @BeforeEach
  void writeModel() throws IOException {
    Network.Builder layers = Network.builder(new Shape(1, 2, 2));
    layers.append("flatten", new Flatten());
    layers.append("linear", new Linear(4, 3, true));
    Network network = layers.build();
    var values = new Initialiser(Initialisation.DEFAULT).draw(network, 3);
    Path file = home.resolve("net.onnx");
    Files.write(file, OnnxExport.bytes(network, values, Map.of()));
    model = OnnxImport.read(file);
    query = query(0);
    // The one of two labels that the image has not: what is confirmed does not depend on weights.
    query = confirmed(query).isPresent() ? query : query(1);
  }

  @Test
  void known_falsifiedAndAskedAgain_isReusedWithItsParameters() {
    Verdict found = record();

    assertThat(known()).containsExactly(found);
    assertThat(known().get(0).outcome().counterexample().orElseThrow().witness())
        .isEqualTo(image(BRIGHTNESS));
  }

  @Test
  void known_parametersChangedInTheFile_areFound() throws SQLException {
    Verdict found = record();

    for (double[] changed : new double[][] {{0.125}, {-BRIGHTNESS}, {}, {BRIGHTNESS, 0}}) {
      plant("parameters", doubles(changed));
      assertThat(known()).as("with %s parameters", changed.length).isEmpty();
    }
    plant("parameters", doubles(BRIGHTNESS));
    assertThat(known()).containsExactly(found);
  }

  @Test
  void known_pointChangedInTheFile_isFound() throws SQLException {
    record();
    ByteBuffer point = ByteBuffer.allocate(X.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    point.asFloatBuffer().put(image(0.125).point());

    plant("point", point.array());

    assertThat(known()).isEmpty();
  }

  private Verdict record() {
    Verdict found =
        new Verdict(
            query.property(),
            OptionalInt.of(query.label()),
            new Outcome.Falsified(Rung.PGD, confirmed(query).orElseThrow()),
            Optional.empty(),
            query.guarantee(),
            1.5);
    try (CertificateStore store = open();
        Facts facts = facts(store)) {
      assertThat(facts.known(List.of(query))).isEmpty();
      assertThat(facts.record(List.of(found))).containsExactly(found);
    }
    return found;
  }

  private List<Verdict> known() {
    try (CertificateStore store = open();
        Facts facts = facts(store)) {
      return facts.known(List.of(query));
    }
  }

  private Optional<Counterexample> confirmed(Query asked) {
    try (Confirmer confirmer = new FileConfirmer(model)) {
      return confirmer.of(List.of(asked), List.of(image(BRIGHTNESS))).get(0);
    }
  }

  private CertificateStore open() {
    return CertificateStore.open(home.resolve("facts.db"), Prover.of("1"));
  }

  private Facts facts(CertificateStore store) {
    Effort effort =
        Effort.of(
            List.of(Rung.PREDICT, Rung.PGD),
            AttackStrength.QUICK.attack(),
            0,
            Duration.ofSeconds(1));
    return store.about(model, effort, Set.of(), new FileConfirmer(model));
  }

  private void plant(String column, byte[] value) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("facts.db"));
        PreparedStatement change =
            connection.prepareStatement("UPDATE verdict SET " + column + " = ?")) {
      change.setBytes(1, value);
      assertThat(change.executeUpdate()).isEqualTo(1);
    }
  }

  private static Query query(int label) {
    return Query.of(0, X, label, new Question(set(), Guarantee.REAL));
  }

  private static Candidate image(double brightness) {
    double[] image = set().image(X, brightness);
    float[] point = new float[image.length];
    for (int i = 0; i < point.length; i++) {
      point[i] = (float) image[i];
    }
    return Candidate.of(point, brightness);
  }

  private static Brightness set() {
    return Brightness.of(0.25, Brightness.Flaw.NONE);
  }

  private static byte[] doubles(double... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }
}
