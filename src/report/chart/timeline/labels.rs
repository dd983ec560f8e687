//! Words under marks, in few rows, none over another.

use crate::report::chart::canvas::text_width;

/// Size of the letters.
pub const SMALL: f64 = 10.0;

/// Rows of words under a row of marks at most.
const ROWS: usize = 4;

/// Space between two words in a row.
const GAP: f64 = 6.0;

/// Where the word of a mark stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its left end.
    pub x: f64,
    /// Its row, 0 next to the marks.
    pub row: usize,
}

/// Places for the words of marks at rising `x`, between the edges; `None` for one that has no room.
///
/// From right to left: a word that would run into a later one goes into the row below it, so that the line from its mark down to it crosses
/// no word.
pub fn place(marks: &[(f64, &str)], edges: (f64, f64)) -> Vec<Option<Place>> {
    let mut starts = [f64::INFINITY; ROWS];
    let mut places = vec![None; marks.len()];
    for (place, (x, text)) in places.iter_mut().zip(marks).rev() {
        let width = text_width(text, SMALL);
        let left = x.min(edges.1 - width);
        let free = |row: &usize| left + width + GAP <= starts[*row] && starts[..*row].iter().all(|start| *start >= x + 2.0);
        if let Some(row) = (0..ROWS).find(free).filter(|_| left >= edges.0) {
            starts[row] = left;
            *place = Some(Place { x: left, row });
        }
    }
    places
}

/// How many rows some places take.
pub fn rows(places: &[Option<Place>]) -> usize {
    places.iter().flatten().map(|place| place.row + 1).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_word_lies_over_another_nor_over_the_line_to_one(mut xs in prop::collection::vec(100.0..800.0_f64, 0..40)) {
            xs.sort_by(f64::total_cmp);
            let texts: Vec<String> = xs.iter().enumerate().map(|(index, _)| "x".repeat(3 + index % 17)).collect();
            let marks: Vec<(f64, &str)> = xs.iter().copied().zip(texts.iter().map(String::as_str)).collect();
            let places = place(&marks, (100.0, 800.0));
            for (index, one) in places.iter().enumerate() {
                let Some(one) = one else { continue };
                let end = one.x + text_width(marks[index].1, SMALL);
                prop_assert!(one.x >= 100.0 && end <= 800.0 + 1e-9 && one.row < ROWS);
                for (other, (place, mark)) in places.iter().zip(&marks).enumerate() {
                    let Some(place) = place.filter(|_| other != index) else { continue };
                    let apart = place.x >= end || place.x + text_width(mark.1, SMALL) <= one.x;
                    prop_assert!(place.row != one.row || apart);
                    // The line to the other mark passes this word only where it does not stand.
                    prop_assert!(place.row <= one.row || mark.0 <= one.x || mark.0 >= end, "{places:?}");
                }
            }
        }
    }

    #[test]
    fn words_with_room_stand_next_to_their_marks() {
        let places = place(&[(100.0, "one"), (200.0, "two"), (210.0, "three")], (0.0, 800.0));
        let told: Vec<_> = places.into_iter().map(|place| place.map(|place| (place.x, place.row))).collect();
        assert_eq!(told, [Some((100.0, 0)), Some((200.0, 1)), Some((210.0, 0))]);
        assert_eq!(place(&[(5.0, "much too long for this")], (0.0, 20.0)), [None]);
    }
}
