//! Sets of countries.

use crate::model::ids::CountryId;

/// A set of countries (at most 256).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CountrySet([u64; 4]);

impl CountrySet {
    /// The set of one country. Countries beyond the 256th are in no set.
    pub fn of(country: CountryId) -> Self {
        let mut set = Self::default();
        set.add(country);
        set
    }

    /// Adds a country.
    pub fn add(&mut self, country: CountryId) {
        if let Some(word) = self.0.get_mut(country.index() / 64) {
            *word |= 1 << (country.index() % 64);
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }

    /// Whether the two have a country in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    /// Whether all countries of this set are in the other.
    pub fn within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a & !b == 0)
    }

    /// The countries of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
        set
    }

    /// The countries of either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
        set
    }

    /// Its countries, in order.
    pub fn iter(&self) -> impl Iterator<Item = CountryId> + use<> {
        let words = self.0;
        (0..256_u32).filter(move |c| words[*c as usize / 64] >> (c % 64) & 1 == 1).map(CountryId)
    }
}

impl FromIterator<CountryId> for CountrySet {
    fn from_iter<I: IntoIterator<Item = CountryId>>(countries: I) -> Self {
        let mut set = Self::default();
        countries.into_iter().for_each(|c| set.add(c));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_countries() {
        let set: CountrySet = [CountryId(3), CountryId(200)].into_iter().collect();
        assert!(set.meets(&CountrySet::of(CountryId(200))) && !set.meets(&CountrySet::of(CountryId(4))));
        assert_eq!(set.iter().collect::<Vec<_>>(), [CountryId(3), CountryId(200)]);
        assert!(CountrySet::of(CountryId(3)).within(&set) && !set.within(&CountrySet::of(CountryId(3))));
        assert!(CountrySet::of(CountryId(256)).is_empty());
    }
}
