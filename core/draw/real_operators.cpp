// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>

#include "core/draw/operators.hpp"

// Operators on real numbers (canvas.md §10.4). The order of the arithmetic is fixed, so that all
// compilers give the same bytes.
namespace spicebench::draw {
namespace {

enum Number : std::uint8_t {
  saturate = 0x0d,
  disjoint = 0x10,  // and the twelve from here on
  conjoint = 0x20,
  color_dodge = 0x35,
  color_burn = 0x36,
  soft_light = 0x38,
  hsl_hue = 0x3b,
  hsl_saturation = 0x3c,
  hsl_color = 0x3d,
  hsl_luminosity = 0x3e,
};

double unit(double value) {
  return std::clamp(value, 0.0, 1.0);
}
double quotient(double a, double b) {
  return b == 0 ? 1 : unit(a / b);
}

// Shares where the shapes of the two are known: kept apart as far as possible, or together.
struct Covers {
  double in, out;
};
Covers apart(double own, double other) {
  const double out = quotient(1 - other, own);
  return {1 - out, out};
}
Covers together(double own, double other) {
  const double in = quotient(other, own);
  return {in, 1 - in};
}
double factor(Share share, const Covers& covers) {
  switch (share) {
    case Share::none:
      return 0;
    case Share::all:
      return 1;
    case Share::in:
      return covers.in;
    case Share::out:
      return covers.out;
  }
  return 0;
}

// Calls of(s, a, d) for each component.
template <class Of>
RealColour each(const RealColour& s, const RealColour& a, const RealColour& d, Of of) {
  return {of(s.a, a.a, d.a), of(s.r, a.r, d.r), of(s.g, a.g, d.g), of(s.b, a.b, d.b)};
}

RealColour weighed(const Shares& shares, Covers (*covers)(double, double), const RealColour& source,
                   const RealColour& alphas, const RealColour& dest) {
  return each(source, alphas, dest, [&](double s, double a, double d) {
    return s * factor(shares.source, covers(a, dest.a)) +
           d * factor(shares.dest, covers(dest.a, a));
  });
}

double dodge(double s, double a, double d, double da) {
  if (d == 0) return 0;
  if (d * a >= a * da - s * da || s == a) return a * da;
  return a * a * d / (a - s);
}
double burn(double s, double a, double d, double da) {
  if (d >= da) return a * da;
  if (a * (da - d) >= s * da || s == 0) return 0;
  return a * (da - a * (da - d) / s);
}
double soft(double s, double a, double d, double da) {
  if (da == 0) return d * a;
  if (2 * s <= a) return d * a - d * (da - d) * (a - 2 * s) / da;
  if (4 * d <= da) return d * a + (2 * s - a) * d * ((16 * d / da - 12) * d / da + 3);
  return d * a + (std::sqrt(d * da) - d) * (2 * s - a);
}
using Blend = double (*)(double s, double a, double d, double da);
RealColour blended(Blend blend, const RealColour& source, const RealColour& alphas,
                   const RealColour& dest) {
  RealColour result = each(source, alphas, dest, [&](double s, double a, double d) {
    return (1 - a) * d + (1 - dest.a) * s + blend(s, a, d, dest.a);
  });
  result.a = alphas.a + dest.a - alphas.a * dest.a;
  return result;
}

// Hue, saturation and luminosity of colours; their alpha is not looked at.
double luminosity(const RealColour& c) {
  return 0.3 * c.r + 0.59 * c.g + 0.11 * c.b;
}
double lowest(const RealColour& c) {
  return std::min({c.r, c.g, c.b});
}
double highest(const RealColour& c) {
  return std::max({c.r, c.g, c.b});
}
double saturation(const RealColour& c) {
  return highest(c) - lowest(c);
}
template <class Of>
RealColour mapped(const RealColour& c, Of of) {
  return {c.a, of(c.r), of(c.g), of(c.b)};
}
RealColour times(const RealColour& c, double by) {
  return mapped(c, [by](double x) { return x * by; });
}
RealColour with_saturation(const RealColour& c, double wanted) {
  const double low = lowest(c), range = highest(c) - low;
  if (range == 0) return {};
  return mapped(c, [=](double x) { return (x - low) * wanted / range; });
}
// Pulled towards the luminosity as far as it must be to lie within 0 … alpha.
RealColour with_luminosity(const RealColour& c, double alpha, double wanted) {
  const double more = wanted - luminosity(c);
  RealColour result = mapped(c, [=](double x) { return x + more; });
  const double l = luminosity(result), low = lowest(result), high = highest(result);
  const auto pull = [&](double numerator, double denominator) {
    result = mapped(result, [=](double x) {
      return denominator == 0 ? 0 : l + (x - l) * numerator / denominator;
    });
  };
  if (low < 0) pull(l, l - low);
  if (high > alpha) pull(alpha - l, high - l);
  return result;
}

RealColour hue_of(std::uint8_t number, const RealColour& s, const RealColour& d) {
  const double alpha = s.a * d.a;
  switch (number) {
    case hsl_hue:
      return with_luminosity(with_saturation(times(s, d.a), saturation(d) * s.a), alpha,
                             luminosity(d) * s.a);
    case hsl_saturation:
      return with_luminosity(with_saturation(times(d, s.a), saturation(s) * d.a), alpha,
                             luminosity(d) * s.a);
    case hsl_color:
      return with_luminosity(times(s, d.a), alpha, luminosity(d) * s.a);
    default:
      return with_luminosity(times(d, s.a), alpha, luminosity(s) * d.a);
  }
}

}  // namespace

bool is_real_operator(std::uint8_t number) {
  if (number == saturate || number == color_dodge || number == color_burn || number == soft_light)
    return true;
  if (number >= hsl_hue && number <= hsl_luminosity) return true;
  return (number >= disjoint && porter_duff(number - disjoint)) ||
         (number >= conjoint && porter_duff(number - conjoint));
}

RealColour combine_real(std::uint8_t number, const RealColour& source, const RealColour& alphas,
                        const RealColour& dest) {
  switch (number) {
    case saturate:
      return weighed({Share::out, Share::all}, apart, source, alphas, dest);
    case color_dodge:
      return blended(dodge, source, alphas, dest);
    case color_burn:
      return blended(burn, source, alphas, dest);
    case soft_light:
      return blended(soft, source, alphas, dest);
    case hsl_hue:
    case hsl_saturation:
    case hsl_color:
    case hsl_luminosity: {
      const RealColour h = hue_of(number, source, dest);
      const double rest = 1 - source.a, free = 1 - dest.a;
      return {source.a + dest.a - source.a * dest.a, rest * dest.r + free * source.r + h.r,
              rest * dest.g + free * source.g + h.g, rest * dest.b + free * source.b + h.b};
    }
    default:
      return number >= conjoint
                 ? weighed(*porter_duff(number - conjoint), together, source, alphas, dest)
                 : weighed(*porter_duff(number - disjoint), apart, source, alphas, dest);
  }
}

}  // namespace spicebench::draw
