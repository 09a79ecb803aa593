package dev.merlon.model.verify.cases;

import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.Threshold;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One question of a file: does the model keep the label of an input throughout a set?
 *
 * @param id its name, which no other case of the file has
 * @param model the model's file
 * @param inputs the file that describes the inputs
 * @param index the input's number, as {@code inputs} counts
 * @param label the class that has to win, from 0
 * @param set everything the adversary may do
 * @param threshold what the model's only output is compared with, where it has one; empty =
 *     whatever the asker says
 * @param timeout time for this case; empty = whatever the asker allows
 */
public record VerificationCase(
    String id,
    Path model,
    Path inputs,
    int index,
    int label,
    PerturbationSet set,
    Optional<Threshold> threshold,
    Optional<Duration> timeout) {}
