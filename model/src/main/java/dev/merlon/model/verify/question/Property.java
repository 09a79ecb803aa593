package dev.merlon.model.verify.question;

import dev.merlon.model.norm.PerturbationSet;
import java.util.Optional;

/**
 * What a verdict is about: one input keeps its label throughout a perturbation set.
 *
 * @param index the input's number in its data set, from 0
 * @param id what the asker calls this case, where cases have names
 * @param label the class that has to win, from 0
 * @param set everything the adversary may do
 */
public record Property(int index, Optional<String> id, int label, PerturbationSet set) {}
