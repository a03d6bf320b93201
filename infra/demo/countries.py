"""Where sample borrowers live: each country's currency, loan sizes and common names.

Phone numbers have a valid format but sit in blocks of zeros, so they look made up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """A country; principal in whole currency units, annual rates in percent."""

    code: str
    currency: str
    language: str
    time_zone: str
    phone_block: str  # four digits follow
    principal: tuple[int, int, int]  # least, most, step
    rates_pct: tuple[int, ...]
    portfolios: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COUNTRIES: tuple[Country, ...] = (
    Country(
        code="ES",
        currency="EUR",
        language="es-ES",
        time_zone="Europe/Madrid",
        phone_block="+3460000",
        principal=(1000, 12000, 250),
        rates_pct=(7, 9, 11),
        portfolios=("Madrid", "Sevilla"),
        given=_words("Lucía Carmen Marta Elena Nuria Javier Antonio Sergio Raúl Íñigo"),
        family=_words("García Fernández López Martín Muñoz Romero Núñez Ortega Vidal Castro"),
    ),
    Country(
        code="NL",
        currency="EUR",
        language="nl-NL",
        time_zone="Europe/Amsterdam",
        phone_block="+3161000",
        principal=(1500, 15000, 500),
        rates_pct=(8, 9),
        portfolios=("Rotterdam", "Utrecht"),
        given=_words("Sanne Fatima Emma Noor Lotte Daan Bram Youssef Thijs Ruben"),
        family=_words("Jansen Bakker Visser Smit Meijer Mulder Bos Vos Dekker Hendriks"),
    ),
    Country(
        code="PE",
        currency="PEN",
        language="es-PE",
        time_zone="America/Lima",
        phone_block="+5190000",
        principal=(600, 9000, 100),
        rates_pct=(32, 38, 44),
        portfolios=("Lima Norte", "Cusco"),
        given=_words("Rosa Juana Milagros Flor Yolanda José Wilmer Percy Édgar Julio"),
        family=_words("Quispe Huamán Mamani Flores Rojas Condori Chávez Vargas Ramos Torres"),
    ),
    Country(
        code="MX",
        currency="MXN",
        language="es-MX",
        time_zone="America/Mexico_City",
        phone_block="+52550000",
        principal=(4000, 60000, 500),
        rates_pct=(48, 60),
        portfolios=("Puebla", "Oaxaca"),
        given=_words("Guadalupe Leticia Alejandra Ximena Verónica Juan Miguel Jesús Óscar Luis"),
        family=_words("Hernández Martínez González Pérez Sánchez Cruz Reyes Morales Ortiz Luna"),
    ),
    Country(
        code="KE",
        currency="KES",
        language="en-KE",
        time_zone="Africa/Nairobi",
        phone_block="+25470000",
        principal=(8000, 150000, 1000),
        rates_pct=(24, 30),
        portfolios=("Nakuru", "Kisumu"),
        given=_words("Wanjiru Akinyi Grace Mercy Faith Otieno Kamau Brian Kevin Mutua"),
        family=_words("Njoroge Ochieng Mwangi Kiprop Wambui Odhiambo Kariuki Cheruiyot Maina Auma"),
    ),
    Country(
        code="UG",
        currency="UGX",
        language="en-UG",
        time_zone="Africa/Kampala",
        phone_block="+25670000",
        principal=(300000, 5000000, 50000),
        rates_pct=(30, 36),
        portfolios=("Mbale", "Gulu"),
        given=_words("Nakato Namukasa Sarah Prossy Esther Okello Mugisha Ivan Ronald Moses"),
        family=_words(
            "Nsubuga Akello Tumusiime Ssemakula Opio Byaruhanga Kato Nabirye Odongo Aine"
        ),
    ),
    Country(
        code="PH",
        currency="PHP",
        language="en-PH",
        time_zone="Asia/Manila",
        phone_block="+63900000",
        principal=(4000, 50000, 500),
        rates_pct=(28, 36),
        portfolios=("Cebu", "Iloilo"),
        given=_words("Maricel Jennylyn Rowena Analyn Liza Rodel Jomar Arnel Dennis Ramon"),
        family=_words("Santos Reyes Garcia Bautista Villanueva Aquino Ramos Mendoza Salazar Abad"),
    ),
)
