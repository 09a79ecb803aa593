package dev.merlon.actors.wire;

import com.typesafe.config.ConfigFactory;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.proof.ProofKeeping;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.LadderPhase;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.proto.EffortTerms;
import dev.merlon.proto.ElementType;
import dev.merlon.proto.PendingQuestion;
import dev.merlon.proto.QueryAnswer;
import dev.merlon.proto.QueryLeft;
import dev.merlon.proto.QueryOutcome;
import dev.merlon.proto.QueryProgress;
import dev.merlon.proto.SliceAnswers;
import dev.merlon.proto.TensorHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Slices of queries and what becomes of them as messages, to the bit: doubles, floats and sets are
 * the same on both sides. Proofs do not cross.
 */
public final class SliceWire {
  private SliceWire() {}

  public static EffortTerms terms(Effort effort) {
    if (effort.proofs() != ProofKeeping.NONE) {
      throw new IllegalArgumentException("proofs do not cross a process");
    }
    SettingsWriter attack = new SettingsWriter();
    effort.attack().write(attack);
    return EffortTerms.newBuilder()
        .addAllRungs(effort.rungs().stream().map(Rung::word).toList())
        .setAttack(attack.document())
        .setSeed(effort.seed())
        .setTimeoutNanos(nanos(effort.timeout()))
        .setCrossCheck(effort.crossCheck())
        .setLastPhase(effort.last().name())
        .build();
  }

  private static long nanos(Duration duration) {
    Duration longest = Duration.ofNanos(Long.MAX_VALUE);
    return duration.compareTo(longest) < 0 ? duration.toNanos() : Long.MAX_VALUE;
  }

  public static Effort effort(EffortTerms terms) {
    EvaluationAttack attack =
        SettingsReader.read(ConfigFactory.parseString(terms.getAttack()), EvaluationAttack::read);
    Effort whole =
        Effort.of(
            terms.getRungsList().stream().map(Rung::parse).toList(),
            attack,
            terms.getSeed(),
            Duration.ofNanos(terms.getTimeoutNanos()));
    return (terms.getCrossCheck() ? whole.crossChecked() : whole)
        .upTo(LadderPhase.valueOf(terms.getLastPhase()));
  }

  /** A question without its input. */
  public static PendingQuestion question(PendingQuery pending) {
    Query query = pending.query();
    PendingQuestion.Builder question =
        PendingQuestion.newBuilder()
            .setIndex(query.index())
            .setLabel(query.label())
            .setPerturbationSet(query.set().canonical())
            .setGuarantee(query.guarantee().word())
            .setProgress(progress(pending.progress()));
    query.id().ifPresent(question::setId);
    return question.build();
  }

  /** The input of a question. */
  public static ByteBuffer input(PendingQuery pending) {
    float[] x = pending.query().x();
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * x.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(x);
    return bytes;
  }

  public static TensorHeader header(PendingQuery pending) {
    long elements = pending.query().x().length;
    return TensorHeader.newBuilder()
        .setElementType(ElementType.FLOAT32)
        .addShape(elements)
        .setBytes(Float.BYTES * elements)
        .build();
  }

  /**
   * The query of a message.
   *
   * @param input its tensor
   * @throws IllegalArgumentException if the set is of no kind that is known here
   */
  public static PendingQuery query(PendingQuestion question, ByteBuffer input) {
    float[] x = new float[input.remaining() / Float.BYTES];
    input.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(x);
    String canonical = question.getPerturbationSet();
    PerturbationSet set =
        PerturbationSet.ofCanonical(canonical)
            .orElseThrow(() -> new IllegalArgumentException("no set '" + canonical + "'"));
    Query query =
        new Query(
            question.getIndex(),
            question.hasId() ? Optional.of(question.getId()) : Optional.empty(),
            x,
            question.getLabel(),
            new Question(set, Guarantee.parse(question.getGuarantee())));
    return new PendingQuery(query, progress(question.getProgress(), question.getLabel()));
  }

  private static QueryProgress progress(Progress progress) {
    QueryProgress.Builder message =
        QueryProgress.newBuilder()
            .addAllTried(progress.tried().stream().map(Rung::word).toList())
            .setSpentNanos(progress.spentNanos());
    progress
        .prediction()
        .ifPresent(
            seen -> {
              message.setBest(seen.best());
              for (double logit : seen.logits()) {
                message.addLogits(logit);
              }
            });
    progress.margins().ifPresent(margins -> message.addAllMargins(list(margins)));
    return message.build();
  }

  private static Progress progress(QueryProgress message, int label) {
    Set<Rung> tried = message.getTriedList().stream().map(Rung::parse).collect(Collectors.toSet());
    Optional<Progress.Prediction> prediction =
        message.hasBest()
            ? Optional.of(
                new Progress.Prediction(message.getBest(), array(message.getLogitsList())))
            : Optional.empty();
    return new Progress(
        tried,
        prediction,
        margins(message.getMarginsList(), label),
        message.getSpentNanos(),
        Map.of(),
        List.of());
  }

  private static List<Double> list(MarginBounds margins) {
    return IntStream.range(0, margins.classes()).mapToObj(margins::against).toList();
  }

  private static Optional<MarginBounds> margins(List<Double> bounds, int label) {
    return bounds.isEmpty() ? Optional.empty() : Optional.of(MarginBounds.of(label, array(bounds)));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * What became of a slice.
   *
   * @param slice what was asked, by identity
   */
  public static SliceAnswers.Builder answers(List<PendingQuery> slice, Answers answers) {
    SliceAnswers.Builder message = SliceAnswers.newBuilder();
    for (Answers.Answered answered : answers.answered()) {
      message.addAnswered(
          QueryAnswer.newBuilder()
              .setPlace(place(slice, answered.asked()))
              .setProgress(progress(answered.asked().progress()))
              .setOutcome(outcome(answered.outcome())));
    }
    for (Pending left : answers.left()) {
      message.addLeft(
          QueryLeft.newBuilder()
              .setPlace(place(slice, left))
              .setProgress(progress(left.progress())));
    }
    return message;
  }

  private static int place(List<PendingQuery> slice, Pending asked) {
    for (int place = 0; place < slice.size(); place++) {
      if (slice.get(place).asksTheSame(asked)) {
        return place;
      }
    }
    throw new IllegalStateException("something else was answered than was asked");
  }

  /**
   * What became of a slice.
   *
   * @param slice what was asked; answers are about its own queries
   * @throws IllegalArgumentException if the message is not about it
   */
  public static Answers answers(List<PendingQuery> slice, SliceAnswers message) {
    List<Answers.Answered> answered = new ArrayList<>();
    for (QueryAnswer answer : message.getAnsweredList()) {
      Query query = at(slice, answer.getPlace()).query();
      answered.add(
          new Answers.Answered(
              new PendingQuery(query, progress(answer.getProgress(), query.label())),
              outcome(answer.getOutcome(), query.label())));
    }
    List<Pending> left = new ArrayList<>();
    for (QueryLeft one : message.getLeftList()) {
      Query query = at(slice, one.getPlace()).query();
      left.add(new PendingQuery(query, progress(one.getProgress(), query.label())));
    }
    return new Answers(answered, left);
  }

  private static PendingQuery at(List<PendingQuery> slice, int place) {
    if (place < 0 || place >= slice.size()) {
      throw new IllegalArgumentException("place " + place + " of " + slice.size() + " queries");
    }
    return slice.get(place);
  }

  private static QueryOutcome outcome(Outcome outcome) {
    QueryOutcome.Builder message =
        QueryOutcome.newBuilder().setKind(outcome.kind().word()).setRung(outcome.rung().word());
    outcome.reason().ifPresent(message::setReason);
    if (outcome instanceof Outcome.Certified certified) {
      message.addAllMargins(list(certified.margins()));
    }
    outcome.counterexample().ifPresent(point -> put(point, message));
    return message.build();
  }

  private static void put(Counterexample found, QueryOutcome.Builder message) {
    for (float value : found.point()) {
      message.addPoint(value);
    }
    for (double parameter : found.witness().parameters()) {
      message.addParameters(parameter);
    }
    found.adversarial().ifPresent(message::setAdversarial);
  }

  private static Outcome outcome(QueryOutcome message, int label) {
    Rung rung = Rung.parse(message.getRung());
    Optional<String> reason =
        message.hasReason() ? Optional.of(message.getReason()) : Optional.empty();
    return switch (Outcome.Kind.parse(message.getKind())) {
      case CERTIFIED ->
          new Outcome.Certified(
              rung,
              margins(message.getMarginsList(), label)
                  .orElseThrow(
                      () -> new IllegalArgumentException("a certificate without margins")));
      case FALSIFIED ->
          new Outcome.Falsified(
              rung,
              counterexample(message)
                  .orElseThrow(() -> new IllegalArgumentException("falsified without a point")));
      case UNKNOWN -> new Outcome.Unknown(rung, reason.orElse(""));
      case TIMEOUT -> new Outcome.Timeout(rung, reason);
      case MISCLASSIFIED -> new Outcome.Misclassified();
      case CONFLICT -> new Outcome.Conflict(rung, reason.orElse(""), counterexample(message));
    };
  }

  private static Optional<Counterexample> counterexample(QueryOutcome message) {
    if (message.getPointCount() == 0) {
      return Optional.empty();
    }
    float[] point = new float[message.getPointCount()];
    for (int i = 0; i < point.length; i++) {
      point[i] = message.getPoint(i);
    }
    OptionalInt seen =
        message.hasAdversarial() ? OptionalInt.of(message.getAdversarial()) : OptionalInt.empty();
    return Optional.of(
        new Counterexample(Candidate.of(point, array(message.getParametersList())), seen));
  }
}
