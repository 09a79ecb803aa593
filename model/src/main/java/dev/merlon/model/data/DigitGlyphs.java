package dev.merlon.model.data;

import java.util.List;

/** The ways in which the ten digits of the embedded data set are written. */
final class DigitGlyphs {
  private static final List<List<DigitGlyph>> FORMS =
      List.of(
          List.of(
              DigitGlyph.of("loop .5,0 .2,.14 .1,.5 .2,.86 .5,1 .8,.86 .9,.5 .8,.14"),
              DigitGlyph.of(
                  "curve .62,.03 .3,.1 .14,.5 .24,.88 .5,1 .78,.86 .86,.5 .74,.12 .4,.02")),
          List.of(
              DigitGlyph.of("line .5,0 .5,1"),
              DigitGlyph.of("line .26,.24 .54,0 .54,1"),
              DigitGlyph.of("line .3,.22 .52,0 .52,1", "line .26,1 .78,1")),
          List.of(
              DigitGlyph.of(
                  "curve .14,.26 .28,.05 .56,0 .82,.2 .74,.48 .42,.76 .12,1", "line .12,1 .9,1"),
              DigitGlyph.of("curve .16,.22 .42,0 .78,.16 .7,.48 .2,.96 .24,.8 .5,.92 .9,.96")),
          List.of(
              DigitGlyph.of(
                  "curve .16,.12 .46,0 .8,.16 .72,.4 .42,.48",
                  "curve .42,.48 .76,.56 .86,.8 .56,1 .12,.88"),
              DigitGlyph.of(
                  "line .16,0 .84,0 .44,.4", "curve .44,.4 .78,.5 .86,.78 .54,1 .12,.88")),
          List.of(
              DigitGlyph.of("line .28,0 .1,.56 .92,.56", "line .7,.2 .7,1"),
              DigitGlyph.of("line .66,0 .08,.66 .94,.66", "line .66,0 .66,1")),
          List.of(
              DigitGlyph.of(
                  "line .84,0 .26,0 .2,.44", "curve .2,.44 .52,.38 .84,.56 .8,.86 .5,1 .12,.9"),
              DigitGlyph.of("curve .84,.02 .28,.04 .22,.42 .58,.44 .86,.66 .66,.96 .14,.94")),
          List.of(
              DigitGlyph.of(
                  "curve .74,.02 .38,.2 .16,.56 .2,.86 .5,1 .8,.86 .8,.62 .52,.5 .18,.72"),
              DigitGlyph.of("curve .5,0 .22,.4 .16,.74 .4,1 .76,.92 .78,.64 .5,.54 .17,.72")),
          List.of(
              DigitGlyph.of("line .1,.02 .9,.02 .38,1"),
              DigitGlyph.of("line .12,.02 .9,.02 .4,1", "line .34,.5 .82,.5"),
              DigitGlyph.of("line .12,.02 .88,.02", "curve .88,.02 .6,.36 .46,.7 .44,1")),
          List.of(
              DigitGlyph.of(
                  "loop .5,.46 .24,.3 .28,.08 .5,0 .72,.08 .76,.3",
                  "loop .5,.46 .18,.64 .2,.9 .5,1 .8,.9 .82,.64"),
              DigitGlyph.of("curve .78,.12 .5,0 .22,.16 .5,.46 .8,.78 .5,1 .2,.8 .5,.46 .78,.12")),
          List.of(
              DigitGlyph.of(
                  "loop .8,.24 .54,0 .22,.1 .18,.36 .46,.52 .76,.42", "line .8,.24 .74,1"),
              DigitGlyph.of(
                  "loop .8,.24 .54,0 .22,.1 .18,.36 .46,.52 .76,.42",
                  "curve .8,.24 .84,.6 .66,.94 .26,.98")));

  private DigitGlyphs() {}

  /** All forms of a digit of 0..9. */
  static List<DigitGlyph> of(int digit) {
    return FORMS.get(digit);
  }
}
